import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
	type DocumentNode,
	type ExecutionResult,
	type FormattedExecutionResult,
	GraphQLError,
	getOperationAST,
} from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { isAsyncIterable } from 'graphql-yoga';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Follow } from '../domain/follow.ts';
import type { Config } from '../platform/config.ts';
import type { GraphQlMetrics } from '../platform/metrics/graphql.ts';
import type { DeliveryMetrics, SocketMetrics } from '../platform/metrics/subscriptions.ts';
import { newRequestTrace } from '../platform/tracing/request.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import { withCode, withTrace } from './failures.ts';
import type { GraphQlServer } from './graphql.ts';
import { holdBack, keepAlive } from './keep-alive.ts';
import { newOperation, type Operation } from './operation.ts';
import type { Admit } from './rates.ts';
import { spread } from './spread.ts';
import { type Onlooker, type Streams, trackStreams, unlimited } from './streams.ts';

type Execute = Extract<ServerOptions['execute'], (...args: never) => unknown>;

/** The executor that belongs to one operation travels with it, as its root value. */
interface Root {
	execute: Execute;
	subscribe: Execute;
	operation: Operation;
	delivery: Delivery;
	isStream: boolean;
	/** Nothing has been sent of it yet. */
	isFirst: boolean;
}

/** Who is told of what happens here. */
export interface WebSocketTelling {
	onlooker: Onlooker;
	graphql: GraphQlMetrics;
	deliveries: DeliveryMetrics;
	sockets: SocketMetrics;
}

export interface WebSockets {
	/** How many are open. */
	count(): number;
	/** Closes every socket with 1001 within `ms`, which makes clients connect again elsewhere. */
	close(ms: number): Promise<void>;
}

/** With the code 1001; at most 123 bytes. */
const comeBack = 'The server stops; connect again, with afterVersion to miss nothing.';

/** `graphql-transport-ws` at /graphql, through the same executor and limits as HTTP. */
export function openWebSockets(
	server: Server,
	graphql: GraphQlServer,
	follow: Follow,
	config: Config,
	admit: Admit,
	telling: WebSocketTelling,
): WebSockets {
	const sockets = new WebSocketServer({ noServer: true, maxPayload: config.MAX_BODY_BYTES });
	const streams = new WeakMap<WebSocket, Streams>();
	const limits = {
		streams: config.MAX_SUBSCRIPTIONS_PER_CONNECTION,
		contracts: config.MAX_FOLLOWED_PER_CONNECTION,
		whose: 'A connection',
	};
	const times = { pingMs: config.PING_MS, deadMs: config.DEAD_PEER_MS };
	let closing = false;
	const protocol = useServer<Record<string, unknown>>(
		{
			execute: (args) => rootOf(args.rootValue).execute(args),
			subscribe: (args) => rootOf(args.rootValue).subscribe(args),
			async onSubscribe({ extra: { request, socket } }, _id, params) {
				const operation = newOperation(telling.graphql, newRequestTrace(), {
					transport: 'ws',
					method: 'GET',
					clientTrace: request.headers['traceparent'],
				});
				if (!(await admit(request))) {
					operation.turnAway();
					return [tooFast(operation.trace.traceId)];
				}
				const delivery = newDelivery(telling.deliveries, operation, 'ws');
				const own = streams.get(socket)?.follow ?? follow;
				const { schema, execute, subscribe, contextFactory, parse, validate } =
					graphql.getEnveloped({
						req: request,
						socket,
						params,
						follow: trackStreams(own, unlimited, delivery.onlooker).follow,
						operation,
					});
				const document = readDocument(params, {
					parse,
					validate: (read) => validate(schema, read),
				});
				if (Array.isArray(document)) return refused(operation, document);
				return {
					schema,
					operationName: params.operationName ?? null,
					document,
					variableValues: params.variables ?? null,
					contextValue: await contextFactory(),
					rootValue: {
						execute,
						subscribe,
						operation,
						delivery,
						isStream: false,
						isFirst: true,
					},
				};
			},
			onOperation({ subscriptions }, id, _payload, args, result) {
				const root = rootOf(args.rootValue);
				const { operation } = root;
				// It has been waited for.
				if ('then' in result) return;
				root.isStream = isAsyncIterable(result);
				if (!isAsyncIterable(result)) operation.note(result.errors);
				operation.end(id in subscriptions ? 'answered' : 'cancelled');
			},
			onNext(_context, _id, _payload, args, result) {
				const root = rootOf(args.rootValue);
				if (root.isStream) root.delivery.handed(result);
				if (!root.isFirst) return;
				root.isFirst = false;
				return namingTrace(result, root.operation.trace.traceId);
			},
			// Whatever ids it used again: with the connection every stream of it ends.
			onClose: async ({ extra: { socket } }) => streams.get(socket)?.end(),
			// A fault of ours is closed with 4500 and no detail.
			isProd: true,
		},
		sockets,
		// Its own pings would remove whoever does not read for as long as one interval.
		0,
	);

	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		if (request.url?.split('?', 1)[0] !== '/graphql') return refuse(socket, '404 Not Found');
		if (closing || sockets.clients.size >= config.MAX_CONNECTIONS) {
			return refuse(socket, '503 Service Unavailable');
		}
		sockets.handleUpgrade(request, socket, head, (client) => {
			streams.set(client, trackStreams(follow, limits, telling.onlooker));
			telling.sockets.opened();
			client.once('close', telling.sockets.closed);
			keepAlive(client, socket, times);
			holdBack(client, socket, config.MAX_BODY_BYTES);
			sockets.emit('connection', client, request);
			// The library's own listener prints whatever a stranger's frame is wrong in.
			client.removeAllListeners('error');
			client.on('error', () => client.terminate());
		});
	});

	return {
		count: () => sockets.clients.size,
		async close(ms) {
			closing = true;
			await spread(sockets.clients, ms, (client) => client.close(1001, comeBack));
			// A client that does not answer the closing is not waited for.
			const timer = setTimeout(() => {
				for (const client of sockets.clients) client.terminate();
			}, config.SHUTDOWN_MS / 5);
			await protocol.dispose();
			clearTimeout(timer);
		},
	};
}

/**
 * The document that is to be run, or what is wrong with it: that is the client's mistake, and no reason to close
 * its connection. Limits are thrown, from the parser or the validator, and rules are returned.
 */
function readDocument(
	{ query, operationName }: { query: string; operationName?: string | null | undefined },
	by: {
		parse(text: string): DocumentNode;
		validate(document: DocumentNode): readonly GraphQLError[];
	},
): DocumentNode | GraphQLError[] {
	try {
		const document = by.parse(query);
		const errors = by.validate(document);
		if (errors.length > 0) return [...errors];
		if (getOperationAST(document, operationName)) return document;
		return [new GraphQLError('Unable to identify operation')];
	} catch (error) {
		if (error instanceof GraphQLError) return [error];
		throw error;
	}
}

/** Set below, in `onSubscribe`, for every operation; graphql-ws types it as anything. */
function rootOf(value: unknown): Root {
	return value as Root;
}

function refuse(socket: Duplex, status: string): void {
	socket.on('error', () => {});
	const { traceId } = newRequestTrace();
	socket.end(
		`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nX-Trace-Id: ${traceId}\r\n\r\n`,
	);
}

/** As graphql-ws has it: what is absent may be undefined as well. */
type Loosely<T> = { [K in keyof T]: T[K] | undefined };

/** A result as it is written, with the id of its trace: over WebSocket there is no header for it. */
function namingTrace(
	{ data, errors, extensions }: Loosely<ExecutionResult>,
	traceId: string,
): FormattedExecutionResult {
	return {
		...(errors && { errors: errors.map((error) => error.toJSON()) }),
		...(data !== undefined && { data }),
		extensions: { ...extensions, traceId },
	};
}

/** Tells of an operation that cannot be run, and its client why. */
function refused(operation: Operation, errors: readonly GraphQLError[]): GraphQLError[] {
	const coded = errors.map(withCode);
	operation.note(coded);
	operation.end('answered');
	return coded.map((error) => withTrace(error, operation.trace.traceId));
}

function tooFast(traceId: string): GraphQLError {
	return new GraphQLError('Too many requests from this address; try again in a second.', {
		extensions: { code: 'TOO_MANY_REQUESTS', traceId },
	});
}
