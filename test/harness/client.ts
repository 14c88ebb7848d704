import { createClient as createSseClient } from 'graphql-sse';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Answer<T> {
	data: T;
	errors?: {
		message: string;
		path?: (string | number)[];
		extensions?: { code?: string; retryAfter?: number };
	}[];
}

/** One operation over HTTP. */
export async function ask<T>(
	url: string,
	query: string,
	variables: Record<string, unknown> = {},
	headers: Record<string, string> = {},
): Promise<Answer<T>> {
	const response = await fetch(`${url}/graphql`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify({ query, variables }),
	});
	return (await response.json()) as Answer<T>;
}

export interface WatchedEvent {
	version: number;
	status: string;
	attempt: number;
	error: { code: string; message: string; retryable: boolean } | null;
	nextAttemptAt: string | null;
	at: string;
	contract?: { address: string; status: string };
}

const eventFields = 'version status attempt error { code message retryable } nextAttemptAt at';

export const watchOne = `subscription ($address: Address!, $chainId: Int! = 1, $afterVersion: Int) {
	contractStatus(address: $address, chainId: $chainId, afterVersion: $afterVersion) { ${eventFields} }
}`;

export const watchMany = `subscription ($addresses: [Address!]!, $chainId: Int! = 1) {
	contractStatuses(addresses: $addresses, chainId: $chainId) { ${eventFields} contract { address status } }
}`;

/** A stream of events; ends when the server completes it, rejects when it refuses. */
export interface Watch extends AsyncIterable<WatchedEvent> {
	next(): Promise<IteratorResult<WatchedEvent>>;
	/** Leaves as a client does that has seen enough. */
	leave(): Promise<void>;
}

export type Transport = 'ws' | 'sse';

/** Subscribes over a connection of its own. */
export function watch(
	transport: Transport,
	url: string,
	query: string,
	variables: Record<string, unknown>,
): Watch {
	const client =
		transport === 'ws' ? openWs(url) : createSseClient({ url: `${url}/graphql`, retryAttempts: 0 });
	const results = client.iterate<Record<string, WatchedEvent>>({ query, variables });
	const watching: Watch = {
		async next() {
			const result = await results.next();
			if (result.done) {
				await client.dispose();
				return { done: true, value: undefined };
			}
			if (result.value.errors) throw new Error(JSON.stringify(result.value.errors));
			const [event] = Object.values(result.value.data ?? {});
			if (!event) throw new Error('a result without data');
			return { done: false, value: event };
		},
		async leave() {
			await results.return?.();
			await client.dispose();
		},
		[Symbol.asyncIterator]() {
			return { next: () => watching.next() };
		},
	};
	return watching;
}

/** One connection; several subscriptions may share it. */
export function openWs(
	url: string,
	options: { closed?: (code: number) => void; lazy?: boolean } = {},
): Client {
	return createClient({
		url: `${url.replace('http', 'ws')}/graphql`,
		webSocketImpl: WebSocket,
		retryAttempts: 0,
		lazy: options.lazy ?? true,
		on: { closed: (event) => options.closed?.((event as { code: number }).code) },
	});
}

/** All events until the server completes the stream. */
export async function all(events: AsyncIterable<WatchedEvent>): Promise<WatchedEvent[]> {
	return Array.fromAsync(events);
}
