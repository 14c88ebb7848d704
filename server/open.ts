import type { AddressInfo } from 'node:net';
import type { Context } from '../domain/context.ts';
import { createFollow } from '../domain/follow.ts';
import { countBacklog } from '../domain/submit.ts';
import { callsPerSecond } from '../platform/config.ts';
import { type Answer, type Checks, createHealth } from '../platform/health.ts';
import { createGraphQlMetrics } from '../platform/metrics/graphql.ts';
import { createHttpMetrics } from '../platform/metrics/http.ts';
import {
	countSubscriptions,
	createDeliveryMetrics,
	createSocketMetrics,
	exportConnections,
} from '../platform/metrics/subscriptions.ts';
import { exportWarmup } from '../platform/metrics/warm-up.ts';
import { type Stores, verbOptions } from '../platform/open.ts';
import type { Listening } from '../platform/probes.ts';
import { readWarmup } from '../platform/redis/warmup-result.ts';
import type { Service } from '../platform/service.ts';
import { inKeptSpan } from '../platform/tracing/request.ts';
import type { OperationContext } from '../schema/context.ts';
import { createLoaders } from '../schema/loaders.ts';
import { createDownloads } from './downloads.ts';
import { answerEtherscan, type EtherscanContext } from './etherscan/answer.ts';
import { createGraphQl, type Transport } from './graphql.ts';
import { openHttp } from './http.ts';
import { createWatch } from './http-watch.ts';
import { ownOperations } from './own-operations.ts';
import { createAdmit } from './rates.ts';
import { createSse } from './sse.ts';
import { trackStreams } from './streams.ts';
import { openWebSockets } from './websocket.ts';

/** Makes the context of the verbs and opens the public port. */
export async function openServer(
	{ config, registry }: Service,
	stores: Stores,
	{ queue, chains }: Pick<Context, 'queue' | 'chains'>,
	checks: Checks,
): Promise<Listening> {
	const context = {
		...stores,
		...verbOptions(config),
		queue,
		chains,
		fills: new Map(),
		backlog: { waiting: 0, perSecond: callsPerSecond(config) },
	};
	const { store, sources, emit } = context;
	const stopped = new AbortController();
	void countBacklog(context, stopped.signal);
	const streams = trackStreams(createFollow({ ...context, ...context.followTimes }), {
		streams: config.MAX_FOLLOWED,
		contracts: config.MAX_FOLLOWED,
		whose: 'This server',
	});
	const limits = { sourceBytes: config.MAX_QUERY_SOURCE_BYTES, items: config.MAX_QUERY_ITEMS };
	const operationContext = ({ follow = streams.follow }: Transport): OperationContext => ({
		...context,
		follow,
		loaders: createLoaders(store, sources, limits),
	});
	const opened = countSubscriptions(registry);
	const told = createGraphQlMetrics(registry, ownOperations);
	const deliveries = createDeliveryMetrics(registry);
	const sse = createSse({
		follow: streams.follow,
		store,
		onlooker: { opened: (name) => opened(name, 'sse') },
		deliveries,
		pingMs: config.PING_MS,
		deadMs: config.DEAD_PEER_MS,
	});
	const graphql = createGraphQl(config, operationContext, emit, sse);
	const admit = createAdmit(config.REQUESTS_PER_SECOND_PER_CLIENT);
	exportWarmup(registry, () => readWarmup(stores.redis));
	const health = createHealth(checks);
	const downloads = createDownloads(context);
	const etherscanContext: EtherscanContext = {
		...context,
		follow: streams.follow,
		waitMs: config.ETHERSCAN_API_WAIT_MS,
		maxBodyBytes: config.MAX_BODY_BYTES,
		// Whatever becomes of the request's own span, a submission is traced.
		keepTrace: (work) => inKeptSpan('submit', work),
	};
	const etherscan: Answer = (request, response) =>
		answerEtherscan(etherscanContext, request, response);
	const watch = createWatch(createHttpMetrics(registry), told);
	const routes = { health, downloads, etherscan, graphql, sse, admit, emit, watch };
	const http = await openHttp(config, routes);
	const sockets = openWebSockets(http, graphql, streams.follow, config, admit, {
		onlooker: { opened: (name) => opened(name, 'ws') },
		graphql: told,
		deliveries,
		sockets: createSocketMetrics(registry),
	});
	exportConnections(registry, () => sockets.count());
	return {
		port: (http.address() as AddressInfo).port,
		async close() {
			stopped.abort();
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
