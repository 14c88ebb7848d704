import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from '../platform/config.ts';
import { networkOf } from './client-address.ts';

/** What is kept of a connection of the public port. */
export interface Place {
	/** Its client has more connections than its share: it is told so, and this one ends. */
	readonly isOverShare: boolean;
	/** Requests that are not answered yet. */
	underWay: number;
}

/** How many connections above its share are taken from a client, to tell it so; any further are closed at once. */
const mostRefused = 10;

type Limits = Pick<Config, 'MAX_CONNECTIONS' | 'MAX_CONNECTIONS_PER_CLIENT' | 'DEAD_PEER_MS'>;

/** By when a request has to be there whole, and the next one to begin. A connection that says nothing has the time of a request. */
export function requestDeadlines({
	REQUEST_TIMEOUT_MS,
	KEEP_ALIVE_MS,
}: Pick<Config, 'REQUEST_TIMEOUT_MS' | 'KEEP_ALIVE_MS'>) {
	return {
		headersTimeout: REQUEST_TIMEOUT_MS,
		requestTimeout: REQUEST_TIMEOUT_MS,
		// Node looks for who is late only this often.
		connectionsCheckingInterval: Math.ceil(REQUEST_TIMEOUT_MS / 10),
		keepAliveTimeout: KEEP_ALIVE_MS,
	};
}

/**
 * Bounds the connections of a server, those from each address but a proxy's, and how long one is kept that takes nothing of
 * its answer.
 */
export function boundConnections(
	server: Server,
	limits: Limits,
	isProxy: (address: string) => boolean,
): (socket: Duplex) => Place {
	const places = new WeakMap<Duplex, Place>();
	const open = new Set<Socket>();
	const counts = new Map<string, number>();

	function leave(address: string): void {
		const count = (counts.get(address) ?? 0) - 1;
		if (count > 0) counts.set(address, count);
		else counts.delete(address);
	}

	function placeOf(socket: Duplex): Place {
		const place = places.get(socket);
		if (!place) throw new Error('a connection has no place');
		return place;
	}

	const { DEAD_PEER_MS: deadMs } = limits;
	server.maxConnections = limits.MAX_CONNECTIONS;
	server.on('connection', (socket: Socket) => {
		const { remoteAddress = 'unknown' } = socket;
		open.add(socket);
		socket.once('close', () => open.delete(socket));
		if (isProxy(remoteAddress)) {
			places.set(socket, { isOverShare: false, underWay: 0 });
			return;
		}
		const address = networkOf(remoteAddress);
		const count = (counts.get(address) ?? 0) + 1;
		counts.set(address, count);
		socket.once('close', () => leave(address));
		const over = count - limits.MAX_CONNECTIONS_PER_CLIENT;
		places.set(socket, { isOverShare: over > 0, underWay: 0 });
		if (over > mostRefused) socket.destroy();
	});
	server.on('timeout', (socket: Socket) => {
		// While its request is worked on, a client has nothing to say and nothing to take.
		if (placeOf(socket).underWay === 0 || socket.writableLength > 0) socket.destroy();
	});
	// A time-out of each request would cost more than most requests: only who is found with an answer half taken has one.
	const looking = setInterval(() => {
		for (const socket of open) {
			const isLate = placeOf(socket).underWay > 0 && socket.writableLength > 0;
			if (isLate && socket.timeout !== deadMs) socket.setTimeout(deadMs);
		}
	}, deadMs / 10);
	server.once('close', () => clearInterval(looking));
	return placeOf;
}
