import type { AddressInfo } from 'node:net';
import { createBacklog } from '../domain/backlog.ts';
import { createCachedContract } from '../domain/cached-contract.ts';
import type { Chains } from '../domain/chain.ts';
import { createFollow } from '../domain/follow.ts';
import type { JobQueue } from '../domain/ports.ts';
import { createReadContract } from '../domain/read-contract.ts';
import { createSubmit } from '../domain/submit.ts';
import { createSubmitAsked } from '../domain/submit-asked.ts';
import { type Config, callsPerSecond } from '../platform/config.ts';
import { createGraphQlMetrics } from '../platform/metrics/graphql.ts';
import { createHttpMetrics } from '../platform/metrics/http.ts';
import {
	countSubscriptions,
	createDeliveryMetrics,
	createSocketMetrics,
} from '../platform/metrics/subscriptions.ts';
import type { Stores } from '../platform/open.ts';
import { type Checks, createHealth, type Listening } from '../platform/probes.ts';
import { showWarmup } from '../platform/redis/warmup-result.ts';
import { inKeptSpan } from '../platform/telemetry/tracing/request.ts';
import type { Context } from '../schema/context.ts';
import { createLoaders } from '../schema/loaders.ts';
import { createDownloads } from './downloads.ts';
import { createEtherscanDoor } from './etherscan/door.ts';
import { createGraphQl, type Transport } from './graphql.ts';
import { openHttp } from './http.ts';
import { createWatch } from './http-watch.ts';
import { createAdmit } from './rates.ts';
import { createSse } from './sse.ts';
import { trackStreams } from './streams.ts';
import { openWebSockets } from './websocket.ts';

/** Puts the verbs together and opens the public port. */
export async function openServer(
	config: Config,
	stores: Stores & { chains: Chains },
	queue: JobQueue,
	checks: Checks,
): Promise<Listening> {
	const { store, sources, chains, emit } = stores;
	const times = { pollMs: config.FOLLOW_POLL_MS, attachMs: 2_000 };
	const streams = trackStreams(createFollow({ ...stores, ...times }), {
		streams: config.MAX_FOLLOWED,
		contracts: config.MAX_FOLLOWED,
		whose: 'This server',
	});
	const backlog = createBacklog(() => store.waiting(), callsPerSecond(config));
	const submit = createSubmit({
		...stores,
		queue,
		graceMs: config.GRACE_MS,
		notVerifiedMs: config.NOT_VERIFIED_MS,
		backlog,
	});
	const verbs = {
		store,
		chains,
		emit,
		readContract: createReadContract(stores),
		cachedContract: createCachedContract(stores),
		submit: createSubmitAsked({ submit, chains, emit }),
	};
	const limits = { sourceBytes: config.MAX_QUERY_SOURCE_BYTES, items: config.MAX_QUERY_ITEMS };
	const context = ({ follow = streams.follow }: Transport): Context => ({
		...verbs,
		follow,
		loaders: createLoaders(store, sources, limits),
	});
	const opened = countSubscriptions(emit);
	const told = createGraphQlMetrics(emit);
	const deliveries = createDeliveryMetrics(emit);
	const sse = createSse({
		follow: streams.follow,
		store,
		onlooker: { opened: (name) => opened(name, 'sse') },
		deliveries,
		pingMs: config.PING_MS,
		deadMs: config.DEAD_PEER_MS,
	});
	const graphql = createGraphQl(config, context, emit, sse);
	const admit = createAdmit(config.REQUESTS_PER_SECOND_PER_CLIENT);
	showWarmup(stores.metrics, stores.redis);
	const health = createHealth(checks);
	const downloads = createDownloads({ store, sources, chains });
	const etherscan = createEtherscanDoor({
		cachedContract: verbs.cachedContract,
		// Whatever becomes of the request's own span, a submission is traced.
		submit: (keys, kind) => inKeptSpan('submit', () => submit(keys, kind)),
		chains,
		sources,
		follow: streams.follow,
		waitMs: config.DOOR_WAIT_MS,
		notVerifiedMs: config.NOT_VERIFIED_MS,
		maxBodyBytes: config.MAX_BODY_BYTES,
	});
	const watch = createWatch(createHttpMetrics(emit), told);
	const routes = { health, downloads, etherscan, graphql, sse, admit, emit, watch };
	const http = await openHttp(config, routes);
	const sockets = openWebSockets(http, graphql, streams.follow, config, admit, {
		onlooker: { opened: (name) => opened(name, 'ws') },
		graphql: told,
		deliveries,
		sockets: createSocketMetrics(emit),
	});
	stores.metrics.read('websocket_connections', () => sockets.count());
	return {
		port: (http.address() as AddressInfo).port,
		async close() {
			backlog.stop();
			const closed = new Promise((resolve) => http.close(resolve));
			// First of all those who are to come back: a stream that ended here would seem complete.
			const spreadMs = config.SHUTDOWN_MS / 10;
			await Promise.all([sockets.close(spreadMs), sse.close(spreadMs)]);
			await streams.end();
			// A connection is idle only when its last answer has gone out.
			const idle = setInterval(() => http.closeIdleConnections(), 50);
			// Requests that are being answered get their answer, but not for ever.
			const patience = setTimeout(() => http.closeAllConnections(), config.SHUTDOWN_MS / 2);
			await closed;
			clearInterval(idle);
			clearTimeout(patience);
		},
	};
}
