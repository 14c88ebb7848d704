import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import type { Transport } from './client.ts';

/** A subscriber who can stop taking anything from the network. */
export interface StoppingReader<T> {
	readonly events: readonly T[];
	/** Resolves with the first event. */
	first: Promise<void>;
	stop(): void;
	goOn(): void;
	/** Resolves when the server has completed the stream. */
	completed: Promise<void>;
}

/** Opens a connection of its own; `query` is a whole subscription, its field called `event`. */
export function readStopping<T>(
	transport: Transport,
	url: string,
	query: string,
): Promise<StoppingReader<T>> {
	return transport === 'ws' ? overWebSocket(url, query) : overSse(url, query);
}

interface Result<T> {
	data: { event: T };
}

function collect<T>() {
	const events: T[] = [];
	const first = Promise.withResolvers<void>();
	const completed = Promise.withResolvers<void>();
	return {
		take(result: Result<T>) {
			events.push(result.data.event);
			first.resolve();
		},
		complete: () => completed.resolve(),
		events,
		first: first.promise,
		completed: completed.promise,
	};
}

async function overWebSocket<T>(url: string, query: string): Promise<StoppingReader<T>> {
	const { take, complete, ...reader } = collect<T>();
	const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
	await once(socket, 'open');
	socket.send('{"type":"connection_init"}');
	await once(socket, 'message');
	socket.on('message', (data) => {
		const { type, payload } = JSON.parse(String(data)) as { type: string; payload: Result<T> };
		if (type === 'next') take(payload);
		else complete();
	});
	socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
	reader.completed.then(() => socket.close());
	return { ...reader, stop: () => socket.pause(), goOn: () => socket.resume() };
}

async function overSse<T>(url: string, query: string): Promise<StoppingReader<T>> {
	const { take, complete, ...reader } = collect<T>();
	const asking = request(`${url}/graphql`, {
		method: 'POST',
		agent: false,
		headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
	});
	asking.end(JSON.stringify({ query }));
	const [response] = (await once(asking, 'response')) as [IncomingMessage];
	createInterface({ input: response }).on('line', (line) => {
		if (line === 'event: complete') complete();
		else if (line.startsWith('data: {')) take(JSON.parse(line.slice(6)) as Result<T>);
	});
	return {
		...reader,
		stop: () => response.socket.pause(),
		goOn: () => response.socket.resume(),
	};
}
