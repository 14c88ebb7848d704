import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { DomainError } from '../domain/errors.ts';
import { patience } from '../domain/wait.ts';

/** Lets a few at a time do what takes much memory; others wait in line, so that everybody else is answered meanwhile. */
export interface Turns {
	/** Resolves once there is a place, which is given back when `over` resolves; throws `TOO_BUSY` where the line is full. */
	take(over: Promise<void>): Promise<void>;
}

/** What reads more source than this needs a turn. */
export const heavyBytes = 1024 * 1024;

/** Together with the bounds of one operation it is below what a server has: 400 MB at the most. */
const places = 4;
const line = 64;
/** Whoever reads its answer more slowly than this gives its place on. */
const longestMs = 10_000;

export function createTurns(most = { places, line, longestMs }): Turns {
	const held = bulkhead(most.places, most.line);
	const { signal } = new AbortController();
	return {
		take(over) {
			const { promise, resolve, reject } = Promise.withResolvers<void>();
			held
				.execute(() => {
					resolve();
					return patience(over, most.longestMs, signal);
				})
				.catch((error: unknown) => reject(isBulkheadRejectedError(error) ? tooBusy() : error));
			return promise;
		},
	};
}

function tooBusy(): DomainError {
	const sentence = 'Too many large answers are being made at once; try again in a second.';
	return new DomainError('TOO_BUSY', sentence, { retryAfter: 1 });
}
