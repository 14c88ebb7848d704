import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { createWheel, type Wheel } from '../domain/wheel.ts';
import type { Config } from '../platform/config.ts';
import { endStreams, newStreams, spread } from './subscription.ts';
import type { Connection, WebSocketContext } from './websocket-operations.ts';
import { Session } from './websocket-session.ts';

interface WebSockets {
	/** How many are open. */
	count(): number;
	/** Closes every socket with 1001 within `ms`, which makes clients connect again elsewhere. */
	close(ms: number): Promise<void>;
}

/** With the code 1001; at most 123 bytes. */
const comeBack = 'The server stops; connect again, with afterVersion to miss nothing.';

/** A client that does not answer a closing is cut off. */
const closingMs = 3_000;

/** `graphql-transport-ws` at /graphql, through the same executor and limits as HTTP. */
export function openWebSockets(
	server: Server,
	context: WebSocketContext,
	config: Config,
): WebSockets {
	const options = {
		...{ noServer: true, maxPayload: config.MAX_BODY_BYTES, handleProtocols },
		// Which its types do not know.
		closeTimeout: closingMs,
	};
	const sockets = new WebSocketServer(options);
	const peers = createWheel<Peer>(config.PING_MS, (seats) => {
		for (const peer of seats) ping(peer, config);
	});
	let closing = false;

	function serve(client: WebSocket, socket: Duplex, connection: Connection): void {
		context.emit({ type: 'websocket.opened' });
		// Such as a frame that breaks the protocol.
		client.on('error', () => client.terminate());
		const isSpoken = client.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL;
		const pair = [client, socket] as const;
		const session = isSpoken ? new Session(context, connection, pair, config) : null;
		keepAlive(pair, session, peers);
		client.once('close', (code) => {
			context.emit({ type: 'websocket.closed', code });
			endStreams(connection.streams);
		});
		if (!isSpoken) client.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
	}

	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		if (request.url?.split('?', 1)[0] !== '/graphql')
			return refuse(context, socket, '404 Not Found');
		if (closing || sockets.clients.size >= config.MAX_CONNECTIONS) {
			return refuse(context, socket, '503 Service Unavailable');
		}
		const { remoteAddress: address } = request.socket;
		const { traceparent: clientTrace } = request.headers;
		sockets.handleUpgrade(request, socket, head, (client) => {
			const streams = newStreams(
				'A connection',
				config.MAX_SUBSCRIPTIONS_PER_CONNECTION,
				config.MAX_FOLLOWED_PER_CONNECTION,
			);
			serve(client, socket, { address, clientTrace, streams });
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
	isPinged: boolean;
}

/** Has a WebSocket pinged for as long as it is open; whatever is heard, or taken, says that it lives. */
function keepAlive(
	[client, socket]: readonly [WebSocket, Duplex],
	session: Session | null,
	peers: Wheel<Peer>,
): void {
	const peer: Peer = { client, silentMs: 0, isPinged: false };
	const heard = () => {
		peer.silentMs = 0;
	};
	for (const event of ['message', 'ping']) client.on(event, heard);
	client.on('pong', () => {
		heard();
		// One that nobody asked for.
		if (!peer.isPinged) session?.count();
		peer.isPinged = false;
	});
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
	const isTaken = peer.client.bufferedAmount === 0;
	// Not read while its operations are under way: that it is not heard says nothing.
	if (peer.client.isPaused && isTaken) return;
	// In turns, not by the clock: a process that stood still has heard nobody, and finds pongs waiting.
	peer.silentMs += PING_MS;
	if (peer.silentMs > DEAD_PEER_MS) peer.client.terminate();
	else if (isTaken) {
		peer.isPinged = true;
		peer.client.ping();
	}
}
