import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { createWheel, type Wheel } from '../domain/wheel.ts';
import type { Config } from '../platform/config.ts';
import { clientAddress, type Place } from './connections.ts';
import { admit } from './http.ts';
import { errorBody, json } from './http-answer.ts';
import { full, notHere, type Refusal, tooManyConnections, tooManyRequests } from './refusals.ts';
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

	async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
		const address = clientAddress(request);
		if (request.url?.split('?', 1)[0] !== '/graphql') return refuse(context, socket, notHere);
		if (placeOf(socket).isOverShare) {
			context.emit({ type: 'graphql.rejected', reason: 'connections' });
			return refuse(context, socket, tooManyConnections);
		}
		if (!(await admit(context, address))) {
			context.emit({ type: 'graphql.rejected', reason: 'rate_limit' });
			return refuse(context, socket, tooManyRequests);
		}
		if (closing || sockets.clients.size >= config.MAX_CONNECTIONS) {
			return refuse(context, socket, full);
		}
		const { traceparent: clientTrace } = request.headers;
		socket.off('error', ignore);
		sockets.handleUpgrade(request, socket, head, (client) => {
			const streams = newStreams(
				'A connection',
				config.MAX_SUBSCRIPTIONS_PER_CONNECTION,
				config.MAX_FOLLOWED_PER_CONNECTION,
			);
			serve(client, socket, { address, clientTrace, streams });
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

function refuse(
	{ newTrace }: WebSocketContext,
	socket: Duplex,
	{ status, code, sentence }: Refusal,
): void {
	const { traceId } = newTrace();
	const body = errorBody(code, sentence);
	const lines = [
		`HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
		...['Connection: close', `Content-Type: ${json['content-type']}`],
		...[`Content-Length: ${body.length}`, `X-Trace-Id: ${traceId}`],
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
