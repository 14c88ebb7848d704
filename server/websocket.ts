import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Config } from '../platform/config.ts';
import type { GraphQlServer } from './graphql.ts';
import type { Admit } from './rates.ts';

type Execute = Extract<ServerOptions['execute'], (...args: never) => unknown>;

/** The executor that belongs to one operation travels with it, as its root value. */
interface Root {
	execute: Execute;
	subscribe: Execute;
}

export interface WebSockets {
	/** Closes every socket with 1001, which makes clients connect again elsewhere. */
	close(): Promise<void>;
}

/** `graphql-transport-ws` at /graphql, through the same executor and limits as HTTP. */
export function openWebSockets(
	server: Server,
	graphql: GraphQlServer,
	config: Config,
	admit: Admit,
): WebSockets {
	const sockets = new WebSocketServer({ noServer: true, maxPayload: config.MAX_BODY_BYTES });
	const protocol = useServer<Record<string, unknown>>(
		{
			execute: (args) => rootOf(args.rootValue).execute(args),
			subscribe: (args) => rootOf(args.rootValue).subscribe(args),
			async onSubscribe(context, _id, params) {
				const running = Object.keys(context.subscriptions).length;
				if (running > config.MAX_SUBSCRIPTIONS_PER_CONNECTION) {
					return [refusal(config.MAX_SUBSCRIPTIONS_PER_CONNECTION)];
				}
				if (!(await admit(context.extra.request))) return [tooFast()];
				const { request, socket } = context.extra;
				const { schema, execute, subscribe, contextFactory, parse, validate } =
					graphql.getEnveloped({ req: request, socket, params });
				const document = parse(params.query);
				const errors = validate(schema, document);
				if (errors.length > 0) return errors;
				return {
					schema,
					operationName: params.operationName ?? null,
					document,
					variableValues: params.variables ?? null,
					contextValue: await contextFactory(),
					rootValue: { execute, subscribe },
				};
			},
		},
		sockets,
	);

	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		if (request.url?.split('?', 1)[0] !== '/graphql') return refuse(socket, '404 Not Found');
		if (sockets.clients.size >= config.MAX_CONNECTIONS) {
			return refuse(socket, '503 Service Unavailable');
		}
		sockets.handleUpgrade(request, socket, head, (client) => {
			sockets.emit('connection', client, request);
		});
	});

	return {
		async close() {
			await protocol.dispose();
		},
	};
}

/** Set below, in `onSubscribe`, for every operation; graphql-ws types it as anything. */
function rootOf(value: unknown): Root {
	return value as Root;
}

function refuse(socket: Duplex, status: string): void {
	socket.on('error', () => {});
	socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function refusal(most: number): GraphQLError {
	return new GraphQLError(
		`A connection carries at most ${most} subscriptions; open another one, or use contractStatuses.`,
		{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } },
	);
}

function tooFast(): GraphQLError {
	return new GraphQLError('Too many requests from this address; try again in a second.', {
		extensions: { code: 'TOO_MANY_REQUESTS' },
	});
}
