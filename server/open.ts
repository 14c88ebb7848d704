import type { AddressInfo } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Context } from '../domain/context.ts';
import { createRounds } from '../domain/rounds.ts';
import { countBacklog } from '../domain/submit.ts';
import { callsPerSecond } from '../platform/config.ts';
import { type Stores, verbOptions } from '../platform/open.ts';
import { type Checks, createHealth, type Listening } from '../platform/probes.ts';
import { showWarmup } from '../platform/redis/contract-cache.ts';
import type { Service } from '../platform/service.ts';
import { inKeptSpan, requestTraces } from '../platform/telemetry/tracing/request.ts';
import type { OperationContext } from '../schema/context.ts';
import { createLoaders, type Loaders } from '../schema/loaders.ts';
import { createAnswerBound } from './answer-size.ts';
import { createDocuments } from './documents.ts';
import { createGraphQl, type Transport } from './graphql.ts';
import { openHttp } from './http.ts';
import { createSse } from './sse.ts';
import { ClientStreams, endStreams, newStreams } from './subscription.ts';
import { openWebSockets } from './websocket.ts';

/** Makes the context of the verbs and opens the public port. */
export async function openServer(
	{ config, metrics }: Service,
	stores: Stores,
	{ queue, chains }: Pick<Context, 'queue' | 'chains'>,
	checks: Checks,
): Promise<Listening> {
	const streams = newStreams('This server', config.MAX_FOLLOWED, config.MAX_FOLLOWED);
	const context = {
		...stores,
		...verbOptions(config),
		rounds: createRounds(stores, config.FOLLOW_POLL_MS),
		queue,
		chains,
		fills: new Map(),
		backlog: { waiting: 0, perSecond: callsPerSecond(config) },
		streams,
		followers: new ClientStreams(config.MAX_FOLLOWED_PER_CLIENT),
		limiter: new RateLimiterMemory({
			points: config.REQUESTS_PER_SECOND_PER_CLIENT,
			duration: 1,
		}),
		waitMs: config.ETHERSCAN_API_WAIT_MS,
		maxBodyBytes: config.MAX_BODY_BYTES,
		newTrace: requestTraces(config.TRACES_SHARE),
		// Whatever becomes of the request's own span, a submission is traced.
		keepTrace: <T>(work: () => Promise<T>) => inKeptSpan('submit', work),
	};
	const { store, sources, emit } = context;
	const stopped = new AbortController();
	void countBacklog(context, stopped.signal);
	const limits = { sourceBytes: config.MAX_QUERY_SOURCE_BYTES, items: config.MAX_QUERY_ITEMS };
	const ofOperation = ({ subscription }: Transport) => {
		let loaders: Loaders | null = null;
		return {
			subscription,
			loaders() {
				loaders ??= createLoaders(store, sources, limits);
				return loaders;
			},
		};
	};
	/** What is the same for all operations stands in the prototype: to copy it for each costs more than many do otherwise. */
	const operationContext = (transport: Transport): OperationContext =>
		Object.assign(Object.create(context), ofOperation(transport));
	const sse = createSse(config.PING_MS);
	// Yoga hands on only what a context has itself.
	const wholeContext = (transport: Transport) => ({ ...context, ...ofOperation(transport) });
	const graphql = createGraphQl(config, wholeContext, emit, sse);
	showWarmup(metrics, stores.redis);
	const documents = createDocuments(graphql);
	const bound = createAnswerBound(config.MAX_ANSWER_BYTES);
	const plainPosts = { documents, bound, maxBodyBytes: config.MAX_BODY_BYTES };
	const health = createHealth(checks);
	const serving = { ...context, graphql, documents, bound, plainPosts, operationContext, health };
	const { server: http, placeOf } = await openHttp(serving, config);
	const sockets = openWebSockets(http, serving, config, placeOf);
	metrics.read('websocket_connections', () => sockets.count());
	return {
		port: (http.address() as AddressInfo).port,
		async close() {
			stopped.abort();
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
