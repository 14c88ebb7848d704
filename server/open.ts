import type { AddressInfo } from 'node:net';
import type { Context } from '../domain/context.ts';
import { countBacklog } from '../domain/line.ts';
import { createReads } from '../domain/reads.ts';
import { createRounds } from '../domain/rounds.ts';
import { newBacklog } from '../platform/config.ts';
import { createHostCheck } from '../platform/host-names.ts';
import { type Stores, verbOptions } from '../platform/open.ts';
import { type Checks, createHealth, type Listening } from '../platform/probes.ts';
import { openAllowance } from '../platform/redis/allowance.ts';
import { showWarmup } from '../platform/redis/contract-cache.ts';
import { openShare } from '../platform/redis/share.ts';
import type { Service } from '../platform/service.ts';
import { inKeptSpan, requestTraces } from '../platform/telemetry/tracing/request.ts';
import { createLoaders, type Loaders } from '../schema/loaders.ts';
import { createAnswerBound } from './answer-size.ts';
import { createClients } from './clients.ts';
import { createDocuments } from './documents.ts';
import { createGraphQl, type ServedContext, type Transport } from './graphql.ts';
import { openHttp } from './http.ts';
import { createKeyDirectory } from './key-directory.ts';
import { createOrigins } from './origins.ts';
import { createSse } from './sse.ts';
import { ClientStreams, endStreams, newStreams } from './subscription.ts';
import { createTurns, heavyBytes } from './turns.ts';
import { openWebSockets } from './websocket.ts';

/** What was read is known to the others, and outlives this process, after so long. */
const saveReadsMs = 10_000;

/** Makes the context of the verbs and opens the public port. */
export async function openServer(
	{ config, metrics }: Service,
	stores: Stores,
	{ queue, chains }: Pick<Context, 'queue' | 'chains'>,
	checks: Checks,
): Promise<Listening> {
	const stopped = new AbortController();
	const keys = createKeyDirectory(stores.apiKeys, stopped.signal);
	const share = await openShare(stores.redis.commands, 'server');
	const allowance = await openAllowance(stores.redis.commands, share, stores.emit);
	const streams = newStreams('This server', config.MAX_FOLLOWED, config.MAX_FOLLOWED);
	const reads = createReads(stores.pruning.saveReads, stores.emit);
	const context = {
		...stores,
		reads,
		...verbOptions(config),
		rounds: createRounds(stores, config.FOLLOW_POLL_MS),
		queue,
		chains,
		fills: new Map(),
		backlog: newBacklog(config),
		streams,
		clients: createClients(config, keys, allowance.take),
		followers: new ClientStreams(config.MAX_FOLLOWED_PER_CLIENT),
		access: config.ACCESS,
		waitMs: config.ETHERSCAN_API_WAIT_MS,
		maxBodyBytes: config.MAX_BODY_BYTES,
		isExpectedHost: createHostCheck(config.ALLOWED_HOSTS, config.HTTP_HOST),
		origins: createOrigins(config.ALLOWED_ORIGINS),
		hasGraphiql: config.GRAPHIQL,
		hasPage: config.PAGE ?? config.GRAPHIQL,
		turns: createTurns(),
		newTrace: requestTraces(config.TRACES_SHARE),
		// Whatever becomes of the request's own span, a submission is traced.
		keepTrace: <T>(work: () => Promise<T>) => inKeptSpan('submit', work),
	};
	const { store, sources, emit, turns } = context;
	void countBacklog(context, stopped.signal);
	const saving = setInterval(() => void reads.flush(), saveReadsMs);
	const limits = {
		sourceBytes: config.MAX_QUERY_SOURCE_BYTES,
		items: config.MAX_QUERY_ITEMS,
		heavyBytes,
	};
	const ofOperation = ({ subscription, asker, mayChange, whenTaken, cut }: Transport) => {
		let loaders: Loaders | null = null;
		let turn: Promise<void> | null = null;
		const takeEventTurn = (over: Promise<void>) => turns.take({ client: asker.line, over, cut });
		const takeTurn = () => (turn ??= takeEventTurn(whenTaken()));
		return {
			subscription,
			asker,
			mayChange,
			takeTurn,
			takeEventTurn,
			loaders() {
				loaders ??= createLoaders(store, sources, { ...limits, takeTurn });
				return loaders;
			},
		};
	};
	/** What is the same for all operations stands in the prototype: to copy it for each costs more than many do otherwise. */
	const operationContext = (transport: Transport): ServedContext =>
		Object.assign(Object.create(context), ofOperation(transport));
	const sse = createSse({ pingMs: config.PING_MS, deadMs: config.DEAD_PEER_MS });
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
			allowance.close();
			share.close();
			clearInterval(saving);
			await reads.flush();
		},
	};
}
