import { Readable } from 'node:stream';
import type { ExecutionResult } from 'graphql';

export const sseComplete = 'event: complete\ndata:\n\n';

export interface SseBody {
	readable: Readable;
	/** Says something to whoever reads the stream, between two events. */
	say(text: string): void;
	/** Ends it without `complete`: a client that knows the protocol connects again. */
	cut(): void;
}

export interface SseOptions {
	/** The `id` of the event that was taken last; null for none. */
	id(): number | null;
	/** A result is given to the socket. */
	handed?(result: ExecutionResult): void;
	/** An idle stream says something that often. */
	pingMs: number;
	/** Called once, when it has ended in whatever way. */
	ended(): void;
}

/**
 * Results as server-sent events, `next` and `complete`, as graphql-sse's protocol has them in its
 * "distinct connections mode". A result is asked for when the one before has gone to the socket,
 * and not sooner: whatever a slow client misses waits in the database.
 */
export function createSseBody(
	results: AsyncIterable<ExecutionResult>,
	options: SseOptions,
): SseBody {
	const source = results[Symbol.asyncIterator]();
	let pulling = false;
	let over = false;

	function end(): void {
		if (over) return;
		over = true;
		clearInterval(pings);
		options.ended();
	}

	async function pull(): Promise<void> {
		if (pulling || over) return;
		pulling = true;
		try {
			const { done, value } = await source.next();
			pulling = false;
			if (over) return;
			if (done) finish(sseComplete);
			else {
				readable.push(frame(value, options.id()));
				options.handed?.(value);
			}
		} catch {
			// The failure has been reported where it was masked; whoever reads may try again.
			cut();
		}
	}

	function finish(text: string): void {
		end();
		if (text !== '') readable.push(text);
		readable.push(null);
	}

	function cut(): void {
		if (!over) finish('');
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
	const pings = setInterval(() => {
		if (readable.readableLength === 0) readable.push(':\n\n');
	}, options.pingMs);
	// Some browsers take the headers for there only with the first byte.
	readable.push(':\n\n');
	return {
		readable,
		say(text) {
			if (!over) readable.push(text);
		},
		cut,
	};
}

function frame(result: ExecutionResult, id: number | null): string {
	const data = JSON.stringify(result);
	return `${id === null ? '' : `id: ${id}\n`}event: next\ndata: ${data}\n\n`;
}
