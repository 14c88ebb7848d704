import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../platform/config.ts';
import { endStreams, newStreams, spread } from './subscription.ts';
import { type Connection, operationHooks, type WebSocketContext } from './websocket-operations.ts';

interface WebSockets {
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
	context: WebSocketContext,
	config: Config,
): WebSockets {
	const sockets = new WebSocketServer({
		noServer: true,
		maxPayload: config.MAX_BODY_BYTES,
		handleProtocols,
	});
	const protocol = makeServer<Record<string, unknown>, Connection>(operationHooks(context));
	let closing = false;

	function serve(client: WebSocket, socket: Duplex, request: IncomingMessage): void {
		const streams = newStreams(
			'A connection',
			config.MAX_SUBSCRIPTIONS_PER_CONNECTION,
			config.MAX_FOLLOWED_PER_CONNECTION,
		);
		context.emit({ type: 'websocket.opened' });
		// Such as a frame that breaks the protocol.
		client.on('error', () => client.terminate());
		keepAlive(client, socket, config);
		pauseReading(client, socket, config.MAX_BODY_BYTES);
		const closed = protocol.opened(
			{
				protocol: client.protocol,
				// One that cannot be sent to is closed next, which ends what it has open.
				send: (data) =>
					new Promise((resolve) => {
						if (client.readyState === WebSocket.OPEN) client.send(data, () => resolve());
						else resolve();
					}),
				close: (code, reason) => client.close(code, reason),
				onMessage: (take) =>
					client.on('message', async (data) => {
						try {
							await take(String(data));
						} catch (error) {
							// A GraphQLError was reported where it was masked.
							if (!(error instanceof GraphQLError)) {
								context.emit({ type: 'request.failed', error, operation: '/graphql' });
							}
							client.close(4500, 'Internal server error');
						}
					}),
			},
			{ request, streams },
		);
		client.once('close', (code, reason) => {
			context.emit({ type: 'websocket.closed', code });
			// The library has lost those whose ids were used again.
			endStreams(streams);
			void closed(code, String(reason));
		});
	}

	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		if (request.url?.split('?', 1)[0] !== '/graphql')
			return refuse(context, socket, '404 Not Found');
		if (closing || sockets.clients.size >= config.MAX_CONNECTIONS) {
			return refuse(context, socket, '503 Service Unavailable');
		}
		sockets.handleUpgrade(request, socket, head, (client) => serve(client, socket, request));
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
			await new Promise((resolve) => sockets.close(resolve));
			clearTimeout(timer);
		},
	};
}

function refuse({ newTrace }: WebSocketContext, socket: Duplex, status: string): void {
	socket.on('error', () => {});
	const { traceId } = newTrace();
	socket.end(
		`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nX-Trace-Id: ${traceId}\r\n\r\n`,
	);
}

/**
 * Pings a WebSocket and removes a dead one. One that only reads slowly stays: a minute without an
 * answer is nothing, as its ping waits behind what it has not read.
 */
function keepAlive(
	client: WebSocket,
	socket: Duplex,
	{ PING_MS, DEAD_PEER_MS }: Pick<Config, 'PING_MS' | 'DEAD_PEER_MS'>,
): void {
	let silentMs = 0;
	const heard = () => {
		silentMs = 0;
	};
	for (const event of ['message', 'ping', 'pong']) client.on(event, heard);
	socket.on('drain', heard);
	const timer = setInterval(() => {
		// In turns of the timer, not by the clock: a process that stood still has heard nobody, and finds pongs waiting.
		silentMs += PING_MS;
		if (silentMs > DEAD_PEER_MS) client.terminate();
		else if (client.bufferedAmount === 0) client.ping();
	}, PING_MS);
	client.once('close', () => clearInterval(timer));
}

/** Answers to one who asks without reading are not piled up: nothing more is read from them. */
function pauseReading(client: WebSocket, socket: Duplex, maxBytes: number): void {
	client.on('message', () => {
		if (client.bufferedAmount > maxBytes) client.pause();
	});
	socket.on('drain', () => client.resume());
}
