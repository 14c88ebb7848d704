import { once } from 'node:events';
import WebSocket from 'ws';
import { judge } from './judge.ts';

/** One connection of a client that keeps to the protocol. */
export interface Socket {
	/** Returns the id of the message. */
	send(type: string, payload?: unknown): string;
	complete(id: string): void;
	/** Resolves when the operation has ended; rejects when its answer is not to be shown, or the connection is closed. */
	ended(id: string): Promise<void>;
	/** Resolves when the server has read all that was sent before. */
	ping(): Promise<void>;
	close(): void;
}

interface Waiting {
	fits(message: { id?: string; type: string }): boolean;
	resolve(): void;
	reject(error: unknown): void;
}

export async function openSocket(url: string): Promise<Socket> {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
	await once(socket, 'open');
	const waiting = new Set<Waiting>();
	let failure: Error | null = null;
	let ids = 0;

	function fail(error: Error): void {
		failure ??= error;
		for (const one of waiting) one.reject(failure);
	}
	socket.on('error', fail);
	socket.on('close', (code, reason) => fail(new Error(`closed with ${code} ${reason}`)));
	socket.on('message', (data) => {
		const text = String(data);
		try {
			judge({ text });
		} catch (error) {
			fail(error as Error);
		}
		const message = JSON.parse(text) as { id?: string; type: string };
		for (const one of waiting) if (one.fits(message)) one.resolve();
	});

	async function until(fits: Waiting['fits']): Promise<void> {
		if (failure) throw failure;
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const one = { fits, resolve, reject };
		waiting.add(one);
		await promise.finally(() => waiting.delete(one));
		if (failure) throw failure;
	}

	const acknowledged = until(({ type }) => type === 'connection_ack');
	socket.send('{"type":"connection_init"}');
	await acknowledged;
	return {
		send(type, payload) {
			ids += 1;
			socket.send(JSON.stringify({ id: String(ids), type, payload }));
			return String(ids);
		},
		complete: (id) => socket.send(JSON.stringify({ id, type: 'complete' })),
		ended: (id) =>
			until(
				(message) => message.id === id && (message.type === 'complete' || message.type === 'error'),
			),
		ping() {
			const answered = until(({ type }) => type === 'pong');
			socket.send('{"type":"ping"}');
			return answered;
		},
		close: () => socket.close(),
	};
}
