/** What an address is to the upstream, and so how its contract has to end. */
export const kinds = ['verified', 'flaky', 'unverified'] as const;
export type Kind = (typeof kinds)[number];

/** All that clients know of one contract. */
export interface Facts {
	/** Checksummed. */
	address: string;
	kind: Kind;
	/** The newest version in an answer to a submission; 0 while none was accepted. */
	accepted: number;
	/** What was streamed for each version, such as `PROCESS 1`; the same to every client. */
	streamed: Map<number, string>;
	/** Some client has seen it finished. */
	finished: boolean;
}

/** What has to hold; each is a line of the table at the end. */
export const promises = {
	kept: 'every accepted submission is in the database',
	finished: 'every contract is finished, none is stuck',
	versions: 'versions are 1..n without a hole, moves legal, the row is its newest event',
	outcome: 'each contract ended as its upstream says',
	attempts: 'no more upstream calls than begun attempts, one at least for each success',
	streams: 'every subscriber saw exactly the events after its cursor, the last a final one',
	streamed: 'what was streamed is what is stored',
	ended: 'no subscriber was left waiting',
	cache: 'no cached answer older than an event the same client had from that server',
	reads: 'no direct read older than what the client had seen',
	queue: 'the queue is empty, and no message is dead',
	connections: 'connections and subscriptions are back to where they were',
	memory: 'memory is back to where it was',
	leaks: 'no secret in any log',
	crashes: 'no process crashed, and each ended as it was asked to',
} as const;
export type PromiseName = keyof typeof promises;

const countNames = [
	'submissions',
	'accepted',
	'refreshes',
	'unanswered',
	'refused',
	'events',
	'subscriptions',
	'broken connections',
	'reconnects',
	'left early',
	'slow subscriptions',
	'stream refusals',
	'cached reads',
	'cross-server reads',
	'cross-server stale',
	'direct reads',
	'reads without an answer',
] as const;
export type CountName = (typeof countNames)[number];

/** What happened in one run, as its clients saw it. */
export interface Observations {
	/** By address. */
	contracts: Map<string, Facts>;
	count(name: CountName, by?: number): void;
	readonly counts: ReadonlyMap<CountName, number>;
	violate(promise: PromiseName, what: string, address?: string): void;
	readonly violations: ReadonlyMap<PromiseName, readonly Violation[]>;
	/** When the last event came to any client, in milliseconds of `performance`. */
	readonly lastEventAt: number;
	final(): void;
	/** Resolves at the next event that finishes a contract. */
	nextFinal(): Promise<void>;
}

export interface Violation {
	what: string;
	address?: string | undefined;
}

export function createObservations(): Observations {
	const counts = new Map<CountName, number>(countNames.map((name) => [name, 0]));
	const violations = new Map<PromiseName, Violation[]>();
	let lastEventAt = 0;
	let final = Promise.withResolvers<void>();
	return {
		contracts: new Map(),
		counts,
		get lastEventAt() {
			return lastEventAt;
		},
		count(name, by = 1) {
			if (name === 'events') lastEventAt = performance.now();
			counts.set(name, (counts.get(name) ?? 0) + by);
		},
		violations,
		violate(promise, what, address) {
			const list = violations.get(promise) ?? [];
			violations.set(promise, list);
			list.push({ what, address });
		},
		final() {
			final.resolve();
			final = Promise.withResolvers<void>();
		},
		nextFinal: () => final.promise,
	};
}
