import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { DomainError } from '../domain/errors.ts';
import { patience } from '../domain/wait.ts';

/** Lets a few at a time do what takes much memory; others wait in line, so that everybody else is answered meanwhile. */
export interface Turns {
	/** Resolves once there is a place for this taker; throws `TOO_BUSY` where its client's line, or everybody's, is full. */
	take(taker: Taker): Promise<void>;
}

/** Whoever makes a large answer. */
export interface Taker {
	/** The line of its client. */
	client: number;
	/** Resolves when its answer is out of memory: taken by its client, or given up. */
	over: Promise<void>;
	/** Gives it up. */
	cut(): void;
}

/** What reads more source than this, or has a longer answer, needs a turn. */
export const heavyBytes = 256 * 1024;

/** Together with the longest answer it is below what a server has: 400 MB at the most. */
const places = 4;
/** However many one client asks for, others find a place. */
const placesOfOne = 2;
const line = 64;
/** Whoever has not taken its answer by then does not get the rest: it would stay in memory, beside that of the next. */
const longestMs = 60_000;

export function createTurns(most = { places, placesOfOne, line, longestMs }): Turns {
	const all = bulkhead(most.places, most.line);
	const ofClients = new Map<number, BulkheadPolicy>();
	const { signal } = new AbortController();
	return {
		take({ client, over, cut }) {
			const own = ofClients.get(client) ?? bulkhead(most.placesOfOne, most.line);
			ofClients.set(client, own);
			const { promise, resolve, reject } = Promise.withResolvers<void>();
			const held = async () => {
				resolve();
				let isOver = false;
				void over.then(() => {
					isOver = true;
				});
				await patience(over, most.longestMs, signal);
				if (!isOver) cut();
			};
			own
				.execute(() => all.execute(held))
				.catch((error: unknown) => reject(isBulkheadRejectedError(error) ? tooBusy() : error))
				.finally(() => own.executionSlots === most.placesOfOne && ofClients.delete(client));
			return promise;
		},
	};
}

function tooBusy(): DomainError {
	const sentence = 'Too many large answers are being made at once; try again in a second.';
	return new DomainError('TOO_BUSY', sentence, { retryAfter: 1 });
}
