import type { AddressInfo } from 'node:net';
import { createBacklog } from '../domain/backlog.ts';
import { createCachedContract } from '../domain/cached-contract.ts';
import type { Chains } from '../domain/chain.ts';
import { createFollow } from '../domain/follow.ts';
import type { JobQueue } from '../domain/ports.ts';
import { createSubmit } from '../domain/submit.ts';
import { type Config, callsPerSecond } from '../platform/config.ts';
import { type Checks, createHealth } from '../platform/health.ts';
import { countSubscriptions, exportConnections } from '../platform/metrics/subscriptions.ts';
import { exportWarmup } from '../platform/metrics/warm-up.ts';
import type { Stores } from '../platform/open.ts';
import type { Listening } from '../platform/probes.ts';
import { readWarmup } from '../platform/redis/warmup-result.ts';
import type { Context } from '../schema/context.ts';
import { createLoaders } from '../schema/loaders.ts';
import { createDownloads } from './downloads.ts';
import { createEtherscanDoor } from './etherscan/door.ts';
import { createGraphQl, type Transport } from './graphql.ts';
import { openHttp } from './http.ts';
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
	const { store, sources, chains, reporter } = stores;
	const times = { pollMs: config.FOLLOW_POLL_MS, attachMs: 2_000 };
	const streams = trackStreams(createFollow({ ...stores, ...times }), {
		streams: config.MAX_FOLLOWED,
		contracts: config.MAX_FOLLOWED,
		whose: 'This server',
	});
	const backlog = createBacklog(() => store.waiting(), callsPerSecond(config));
	const verbs = {
		store,
		chains,
		cachedContract: createCachedContract(stores),
		submit: createSubmit({
			...stores,
			queue,
			graceMs: config.GRACE_MS,
			notVerifiedMs: config.NOT_VERIFIED_MS,
			backlog,
		}),
	};
	const limits = { sourceBytes: config.MAX_QUERY_SOURCE_BYTES, items: config.MAX_QUERY_ITEMS };
	const context = ({ follow = streams.follow }: Transport): Context => ({
		...verbs,
		follow,
		loaders: createLoaders(store, sources, limits),
	});
	const opened = countSubscriptions(stores.registry);
	const sse = createSse({
		follow: streams.follow,
		store,
		onlooker: { opened: (name) => opened(name, 'sse') },
		pingMs: config.PING_MS,
		deadMs: config.DEAD_PEER_MS,
	});
	const graphql = createGraphQl(config, context, reporter, sse);
	const admit = createAdmit(config.REQUESTS_PER_SECOND_PER_CLIENT);
	exportWarmup(stores.registry, () => readWarmup(stores.redis));
	const health = createHealth(checks);
	const downloads = createDownloads({ store, sources, chains });
	const etherscan = createEtherscanDoor({
		...verbs,
		sources,
		follow: streams.follow,
		waitMs: config.DOOR_WAIT_MS,
		notVerifiedMs: config.NOT_VERIFIED_MS,
		maxBodyBytes: config.MAX_BODY_BYTES,
	});
	const routes = { health, downloads, etherscan, graphql, sse, admit, reporter };
	const http = await openHttp(config, routes);
	const sockets = openWebSockets(http, graphql, streams.follow, config, admit, {
		opened: (name) => opened(name, 'ws'),
	});
	exportConnections(stores.registry, () => sockets.count());
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
