import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

export interface KeepAliveTimes {
	pingMs: number;
	/** A client of which nothing is heard for so long is gone. */
	deadMs: number;
}

/**
 * Pings a WebSocket and removes a dead one. One that only reads slowly stays: a minute without an
 * answer is nothing, as its ping waits behind what it has not read.
 */
export function keepAlive(client: WebSocket, socket: Duplex, times: KeepAliveTimes): void {
	let silentMs = 0;
	const heard = () => {
		silentMs = 0;
	};
	for (const event of ['message', 'ping', 'pong']) client.on(event, heard);
	socket.on('drain', heard);
	const timer = setInterval(() => {
		// In turns of the timer, not by the clock: a process that stood still has heard nobody, and finds pongs waiting.
		silentMs += times.pingMs;
		if (silentMs > times.deadMs) client.terminate();
		else if (client.bufferedAmount === 0) client.ping();
	}, times.pingMs);
	client.once('close', () => clearInterval(timer));
}

/** Answers to one who asks without reading are not piled up: nothing more is read from them. */
export function holdBack(client: WebSocket, socket: Duplex, maxBytes: number): void {
	client.on('message', () => {
		if (client.bufferedAmount > maxBytes) client.pause();
	});
	socket.on('drain', () => client.resume());
}
