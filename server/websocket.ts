import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Follow } from '../domain/follow.ts';
import type { Config } from '../platform/config.ts';
import type { SocketMetrics } from '../platform/metrics/subscriptions.ts';
import { newRequestTrace } from '../platform/telemetry/tracing/request.ts';
import type { GraphQlServer } from './graphql.ts';
import { holdBack, keepAlive } from './keep-alive.ts';
import type { Admit } from './rates.ts';
import { spread } from './spread.ts';
import { type Onlooker, type Streams, trackStreams } from './streams.ts';
import { type OperationTelling, operationHooks } from './websocket-operations.ts';

/** Who is told of what happens here. */
export interface WebSocketTelling extends OperationTelling {
	onlooker: Onlooker;
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
	const followOf = (socket: WebSocket) => streams.get(socket)?.follow ?? follow;
	const protocol = useServer<Record<string, unknown>>(
		{
			...operationHooks(graphql, followOf, admit, telling),
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

function refuse(socket: Duplex, status: string): void {
	socket.on('error', () => {});
	const { traceId } = newRequestTrace();
	socket.end(
		`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nX-Trace-Id: ${traceId}\r\n\r\n`,
	);
}
