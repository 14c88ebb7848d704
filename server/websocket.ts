import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Rejection } from '../domain/telemetry.ts';
import { createWheel, type Wheel } from '../domain/wheel.ts';
import type { Config } from '../platform/config.ts';
import type { Client } from './client.ts';
import type { Place } from './connections.ts';
import { errorBody, json } from './http-answer.ts';
import {
	full,
	notHere,
	type RequestRefusal,
	strangeHost,
	strangeOrigin,
	tooManyConnections,
	tooManyRequests,
	unknownKey,
} from './refusals.ts';
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
	placeOf: (socket: Duplex) => Place,
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
	/** By client. */
	const open = new Map<string, number>();
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

	/** Why a WebSocket is not opened; else whose it is. */
	async function admit(request: IncomingMessage, socket: Duplex): Promise<Client | RequestRefusal> {
		const { headers, url } = request;
		if (url?.split('?', 1)[0] !== '/graphql') return notHere;
		if (!context.isExpectedHost(headers.host)) return strangeHost;
		if (!context.origins.mayRead(headers)) return strangeOrigin;
		const client = await context.clients.of(request);
		const counted = client ?? context.clients.at(request);
		const isOverShare = (open.get(counted.name) ?? 0) >= config.MAX_CONNECTIONS_PER_CLIENT;
		if (placeOf(socket).isOverShare || isOverShare) return tooManyConnections;
		if (counted.countRequest() < 0) return tooManyRequests;
		if (closing || sockets.clients.size >= config.MAX_CONNECTIONS) return full;
		return client ?? unknownKey;
	}

	function count(client: Client, change: 1 | -1): void {
		const left = (open.get(client.name) ?? 0) + change;
		if (left > 0) open.set(client.name, left);
		else open.delete(client.name);
	}

	async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
		const client = await admit(request, socket);
		if ('refusal' in client) return refuse(context, socket, client);
		const { traceparent: clientTrace } = request.headers;
		const mayChange = context.origins.mayChange(request.headers);
		socket.off('error', ignore);
		sockets.handleUpgrade(request, socket, head, (webSocket) => {
			count(client, 1);
			webSocket.once('close', () => count(client, -1));
			const streams = newStreams(
				'A connection',
				config.MAX_SUBSCRIPTIONS_PER_CONNECTION,
				config.MAX_FOLLOWED_PER_CONNECTION,
			);
			const cut = () => webSocket.terminate();
			serve(webSocket, socket, { client, clientTrace, streams, mayChange, cut });
		});
	}

	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		// Of one that breaks there is nothing to say, and nobody to say it to.
		socket.on('error', ignore);
		upgrade(request, socket, head).catch((error) => {
			context.emit({ type: 'request.failed', error, operation: '/graphql' });
			socket.destroy();
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

const ignore = () => {};

const rejections = new Map<RequestRefusal, Rejection>([
	[tooManyConnections, 'connections'],
	[tooManyRequests, 'rate_limit'],
]);

function refuse(
	{ emit, newTrace }: WebSocketContext,
	socket: Duplex,
	reason: RequestRefusal,
): void {
	const { status, refusal, headers = {} } = reason;
	const rejected = rejections.get(reason);
	if (rejected) emit({ type: 'graphql.rejected', reason: rejected });
	const { traceId } = newTrace();
	const body = errorBody(refusal);
	const lines = [
		`HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
		...['Connection: close', `Content-Type: ${json['content-type']}`],
		...[`Content-Length: ${Buffer.byteLength(body)}`, `X-Trace-Id: ${traceId}`],
		...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
	];
	// A client that does not close its side would keep its place for ever.
	socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
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
