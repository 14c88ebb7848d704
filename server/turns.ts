import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { DomainError } from '../domain/errors.ts';
import { patience } from '../domain/wait.ts';

/** Lets a few at a time do what takes much memory; others wait in line, so that everybody else is answered meanwhile. */
export interface Turns {
	/**
	 * Resolves once there is a place for this client, which is given back when `over` resolves; throws `TOO_BUSY` where its line or
	 * everybody's is full.
	 */
	take(over: Promise<void>, client: number): Promise<void>;
}

/** What reads more source than this needs a turn. */
export const heavyBytes = 1024 * 1024;

/** Together with the bounds of one operation it is below what a server has: 400 MB at the most. */
const places = 4;
/** However many one client asks for, others find a place. */
const placesOfOne = 2;
const line = 64;
/** Whoever reads its answer more slowly than this gives its place on. */
const longestMs = 10_000;

export function createTurns(most = { places, placesOfOne, line, longestMs }): Turns {
	const all = bulkhead(most.places, most.line);
	const ofClients = new Map<number, BulkheadPolicy>();
	const { signal } = new AbortController();
	return {
		take(over, client) {
			const own = ofClients.get(client) ?? bulkhead(most.placesOfOne, most.line);
			ofClients.set(client, own);
			const { promise, resolve, reject } = Promise.withResolvers<void>();
			const held = () => {
				resolve();
				return patience(over, most.longestMs, signal);
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
