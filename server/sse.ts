import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { createWheel, type Wheel } from '../domain/wheel.ts';
import { withoutStatus } from './failures.ts';
import { type Subscription, spread } from './subscription.ts';

/** What a request over HTTP hands over with its operation. */
export interface SseTransport {
	response: ServerResponse;
	subscription: Subscription;
}

export interface Sse {
	/** Writes every subscription's event stream, in the place of Yoga's own writer. */
	plugin: Plugin<Record<string, unknown>, Partial<SseTransport>>;
	/** Cuts every stream within `ms`; none completes, so their clients come back. */
	close(ms: number): Promise<void>;
}

const mediaType = 'text/event-stream';
/** Anew for each: Yoga's Response writes a length into what it is given. */
const headers = () => ({
	'content-type': mediaType,
	'cache-control': 'no-cache',
	'content-encoding': 'none',
	'x-accel-buffering': 'no',
});
const complete = 'event: complete\ndata:\n\n';
/** Clients wait so long before they come back, and a random while more. */
const comeBackMs = 500;

/** An idle stream says something every `pingMs`; a client that takes nothing of what is sent for `deadMs` is gone. */
export function createSse({ pingMs, deadMs }: { pingMs: number; deadMs: number }): Sse {
	const open = new Set<SseBody>();
	const pings = createPings(pingMs);
	let closing = false;

	function begin(
		results: AsyncIterable<ExecutionResult>,
		{ response, subscription }: SseTransport,
	): Readable {
		const body = createSseBody(results, subscription, pings, () => open.delete(body));
		open.add(body);
		// Whoever has left before the first byte is sent to nobody, and would never be heard of again.
		if (response.closed) body.readable.destroy();
		else response.once('close', () => body.readable.destroy());
		// Yoga takes the time-out of the server away. Pings count as activity, but none is written while the client takes nothing.
		response.once('pipe', () => response.socket?.setTimeout(deadMs));
		if (closing) cut(body);
		return body.readable;
	}

	return {
		plugin: {
			onResultProcess({ request, result, resultProcessor, serverContext, setResultProcessor }) {
				const { response, subscription } = serverContext;
				// A stream that any writer may write: it is server-sent events, there is no other.
				if (!response || !subscription || !isAsyncIterable<object>(result)) return;
				// A client that takes no such stream is answered with 406, and nothing reads the result.
				if (!resultProcessor) return void result[Symbol.asyncIterator]().return?.();
				setResultProcessor(async (_, { Response }) => {
					if (!(await subscription.hasLastEvent())) {
						const body = begin(result, { response, subscription });
						// Yoga's Response takes a Node.js stream as well, which its type does not say.
						return new Response(body as unknown as ReadableStream, { headers: headers() });
					}
					await result[Symbol.asyncIterator]().return?.();
					return request.method === 'GET'
						? new Response(null, { status: 204 })
						: new Response(complete, { headers: headers() });
				}, mediaType);
			},
		},
		async close(ms) {
			closing = true;
			await spread(open, ms, cut);
		},
	};
}

function cut(body: SseBody): void {
	const retry = Math.round(comeBackMs + Math.random() * comeBackMs);
	body.cut(
		`: The server stops; connect again, with Last-Event-ID to miss nothing.\nretry: ${retry}\n\n`,
	);
}

export interface SseBody {
	readable: Readable;
	/** Ends it with these words, without `complete`: a client that knows the protocol connects again. */
	cut(words: string): void;
}

type Pings = Wheel<() => void>;

/** Has every idle stream say something that often. */
export function createPings(ms: number): Pings {
	return createWheel(ms, (seats) => {
		for (const ping of seats) ping();
	});
}

/**
 * Results as server-sent events, `next` and `complete`, as graphql-sse's protocol has them in its
 * "distinct connections mode". A result is asked for when the one before has gone to the socket,
 * and not sooner: whatever a slow client misses waits in the database. `ended` is called once.
 */
export function createSseBody(
	results: AsyncIterable<ExecutionResult>,
	subscription: Pick<Subscription, 'id' | 'sent'>,
	pings: Pings,
	ended: () => void,
): SseBody {
	const source = results[Symbol.asyncIterator]();
	let pulling = false;
	let over = false;

	function end(): void {
		if (over) return;
		over = true;
		seats.delete(ping);
		ended();
	}

	async function pull(): Promise<void> {
		if (pulling || over) return;
		pulling = true;
		try {
			const { done, value } = await source.next();
			pulling = false;
			if (over) return;
			if (done) return finish(complete);
			readable.push(frame(value, subscription.id));
			subscription.sent(value);
		} catch {
			// The failure has been reported where it was masked; whoever reads may try again.
			cut('');
		}
	}

	function finish(words: string): void {
		end();
		if (words !== '') readable.push(words);
		readable.push(null);
	}

	function cut(words: string): void {
		if (!over) finish(words);
		leave();
	}

	function leave(): void {
		// It frees its channel at once; what it has to clean up is not waited for.
		source.return?.().catch(() => {});
	}

	const readable = new Readable({
		// Nothing is read ahead.
		highWaterMark: 0,
		read: () => void pull(),
		destroy(error, done) {
			end();
			leave();
			done(error);
		},
	});
	const ping = () => {
		if (readable.readableLength === 0) readable.push(':\n\n');
	};
	const seats = pings.join(ping);
	// Some browsers take the headers for there only with the first byte.
	readable.push(':\n\n');
	return { readable, cut };
}

function frame(result: ExecutionResult, id: number | null): string {
	const errors = result.errors?.map(withoutStatus);
	const data = JSON.stringify(errors ? { ...result, errors } : result);
	return `${id === null ? '' : `id: ${id}\n`}event: next\ndata: ${data}\n\n`;
}
