import { LRUCache } from 'lru-cache';

/** What is remembered of the limits that calls have met. */
interface Limited {
	/** A call of the account was answered well. */
	passed(account: string): void;
	/**
	 * Notes that a call about an address met a limit. True where it did so before, and calls of the account have passed
	 * since: then the limit is that address's own, and nobody else has to wait for it.
	 */
	isOfOne(account: string, address: string): boolean;
}

/** One that is forgotten holds its account back once more. */
const mostAddresses = 1_000;

export function createLimited(): Limited {
	let now = 0;
	const passedAt = new Map<string, number>();
	const metAt = new LRUCache<string, number>({ max: mostAddresses });
	return {
		passed(account) {
			now += 1;
			passedAt.set(account, now);
		},
		isOfOne(account, address) {
			const name = `${account} ${address}`;
			const before = metAt.get(name);
			now += 1;
			metAt.set(name, now);
			return before !== undefined && (passedAt.get(account) ?? 0) > before;
		},
	};
}
