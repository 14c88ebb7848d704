import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import { createWheel, type Wheel } from '../domain/wheel.ts';
import type { Config } from '../platform/config.ts';
import type { Clients } from './clients.ts';
import { endStreams, newStreams, spread } from './subscription.ts';
import { type Connection, runOperation, type WebSocketContext } from './websocket-operations.ts';
import { ProtocolConnection } from './websocket-protocol.ts';

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
	context: WebSocketContext & { clients: Clients },
	config: Config,
): WebSockets {
	const sockets = new WebSocketServer({
		noServer: true,
		maxPayload: config.MAX_BODY_BYTES,
		handleProtocols,
	});
	const peers = createWheel<Peer>(config.PING_MS, (seats) => {
		for (const peer of seats) ping(peer, config);
	});
	let closing = false;

	function serve(client: WebSocket, socket: Duplex, connection: Connection): void {
		context.emit({ type: 'websocket.opened' });
		// Such as a frame that breaks the protocol.
		client.on('error', () => client.terminate());
		keepAlive(client, socket, peers);
		client.once('close', (code) => {
			context.emit({ type: 'websocket.closed', code });
			endStreams(connection.streams);
		});
		if (client.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL) speak(client, socket, connection);
		else client.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
	}

	function speak(client: WebSocket, socket: Duplex, connection: Connection): void {
		const protocol = new ProtocolConnection(
			{
				// One that cannot be sent to is closed next, which ends what it has open.
				send(text, sent) {
					if (client.readyState === WebSocket.OPEN) client.send(text, sent);
					else sent?.();
				},
				close: (code, reason) => client.close(code, reason),
			},
			(exchange, payload) => runOperation(context, connection, exchange, payload),
		);
		client.on('message', (data) => {
			// Answers to one who asks without reading are not piled up: nothing more is read from them.
			if (client.bufferedAmount > config.MAX_BODY_BYTES) client.pause();
			protocol.receive(String(data)).catch((error) => {
				context.emit({ type: 'request.failed', error, operation: '/graphql' });
				client.close(CloseCode.InternalServerError, 'Internal server error');
			});
		});
		socket.on('drain', () => client.resume());
		client.once('close', () => protocol.closed());
	}

	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		if (request.url?.split('?', 1)[0] !== '/graphql')
			return refuse(context, socket, '404 Not Found');
		const { headers } = request;
		if (!context.isExpectedHost(headers.host)) {
			return refuse(context, socket, '421 Misdirected Request');
		}
		if (!context.origins.mayRead(headers)) return refuse(context, socket, '403 Forbidden');
		if (closing || sockets.clients.size >= config.MAX_CONNECTIONS) {
			return refuse(context, socket, '503 Service Unavailable');
		}
		const client = context.clients.at(request);
		const { traceparent: clientTrace } = headers;
		const mayChange = context.origins.mayChange(headers);
		sockets.handleUpgrade(request, socket, head, (webSocket) => {
			const streams = newStreams(
				'A connection',
				config.MAX_SUBSCRIPTIONS_PER_CONNECTION,
				config.MAX_FOLLOWED_PER_CONNECTION,
			);
			serve(webSocket, socket, { client, clientTrace, streams, mayChange });
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
		// A client that does not close its side would keep its place for ever.
		() => socket.destroy(),
	);
}

interface Peer {
	client: WebSocket;
	silentMs: number;
}

/** Has a WebSocket pinged for as long as it is open; whatever is heard, or taken, says that it lives. */
function keepAlive(client: WebSocket, socket: Duplex, peers: Wheel<Peer>): void {
	const peer: Peer = { client, silentMs: 0 };
	const heard = () => {
		peer.silentMs = 0;
	};
	for (const event of ['message', 'ping', 'pong']) client.on(event, heard);
	socket.on('drain', heard);
	const seats = peers.join(peer);
	client.once('close', () => seats.delete(peer));
}

/**
 * Pings a WebSocket, or removes a dead one. One that only reads slowly stays: a minute without an answer is nothing, as
 * its ping waits behind what it has not read.
 */
function ping(
	peer: Peer,
	{ PING_MS, DEAD_PEER_MS }: Pick<Config, 'PING_MS' | 'DEAD_PEER_MS'>,
): void {
	// In turns, not by the clock: a process that stood still has heard nobody, and finds pongs waiting.
	peer.silentMs += PING_MS;
	if (peer.silentMs > DEAD_PEER_MS) peer.client.terminate();
	else if (peer.client.bufferedAmount === 0) peer.client.ping();
}
