import type { AddressInfo } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createBacklog } from '../domain/backlog.ts';
import { createCachedContract } from '../domain/cached-contract.ts';
import type { Chains } from '../domain/chain.ts';
import type { JobQueue } from '../domain/ports.ts';
import { createReadContract } from '../domain/read-contract.ts';
import { createSubmit } from '../domain/submit.ts';
import { createSubmitAsked } from '../domain/submit-asked.ts';
import { type Config, callsPerSecond } from '../platform/config.ts';
import { type Checks, createHealth } from '../platform/health.ts';
import { exportConnections } from '../platform/metrics/subscriptions.ts';
import { exportWarmup } from '../platform/metrics/warm-up.ts';
import type { Stores } from '../platform/open.ts';
import type { Listening } from '../platform/probes.ts';
import { readWarmup } from '../platform/redis/warmup-result.ts';
import { inKeptSpan } from '../platform/tracing/request.ts';
import type { Context } from '../schema/context.ts';
import { createLoaders } from '../schema/loaders.ts';
import { createEtherscanDoor } from './etherscan/door.ts';
import { createGraphQl, type Transport } from './graphql.ts';
import { openHttp } from './http.ts';
import { createSse } from './sse.ts';
import { endStreams, newStreams } from './subscription.ts';
import { openWebSockets } from './websocket.ts';

/** Puts the verbs together and opens the public port. */
export async function openServer(
	config: Config,
	stores: Stores & { chains: Chains },
	queue: JobQueue,
	checks: Checks,
): Promise<Listening> {
	const { store, sources, chains, emit } = stores;
	const streams = newStreams('This server', config.MAX_FOLLOWED, config.MAX_FOLLOWED);
	const following = {
		...stores,
		streams,
		followTimes: { pollMs: config.FOLLOW_POLL_MS, attachMs: 2_000 },
	};
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
	const context = ({ subscription }: Transport): Context => ({
		...verbs,
		subscription,
		loaders: createLoaders(store, sources, limits),
	});
	const { registry } = stores;
	const sse = createSse({ pingMs: config.PING_MS, deadMs: config.DEAD_PEER_MS });
	const graphql = createGraphQl(config, context, emit, sse);
	const limiter = new RateLimiterMemory({
		points: config.REQUESTS_PER_SECOND_PER_CLIENT,
		duration: 1,
	});
	exportWarmup(registry, () => readWarmup(stores.redis));
	const health = createHealth(checks);
	const etherscan = createEtherscanDoor({
		...following,
		cachedContract: verbs.cachedContract,
		// Whatever becomes of the request's own span, a submission is traced.
		submit: (keys, kind) => inKeptSpan('submit', () => submit(keys, kind)),
		chains,
		sources,
		waitMs: config.DOOR_WAIT_MS,
		notVerifiedMs: config.NOT_VERIFIED_MS,
		maxBodyBytes: config.MAX_BODY_BYTES,
	});
	const serving = { ...following, graphql, limiter };
	const http = await openHttp({ ...serving, health, etherscan }, config);
	const sockets = openWebSockets(http, serving, config);
	exportConnections(registry, () => sockets.count());
	return {
		port: (http.address() as AddressInfo).port,
		async close() {
			backlog.stop();
			const closed = new Promise((resolve) => http.close(resolve));
			// First of all those who are to come back: a stream that ended here would seem complete.
			const spreadMs = config.SHUTDOWN_MS / 10;
			await Promise.all([sockets.close(spreadMs), sse.close(spreadMs)]);
			endStreams(streams);
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
