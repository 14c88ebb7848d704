/** What a process of subscribers is started with. */
export interface SubscribersPlan {
	/** Of the server, such as http://127.0.0.1:41234. */
	url: string;
	/** Makes the addresses of one measurement its own. */
	run: string;
	/** The contracts that are followed, one subscription each: so many, from this number on. */
	first: number;
	count: number;
	/** Subscriptions of one connection. */
	each: number;
	/** Every version has to follow the one before; where not, none may be missing in the end. */
	ordered: boolean;
}

/** What a writer is started with. */
export interface WriterPlan {
	run: string;
	/** Contracts that are changed in turn: every so manieth, so many of them. */
	every: number;
	count: number;
	/** Changes, and how many of them a second. */
	changes: number;
	rate: number;
}

/** Of the contract with a number: 40 hex digits. */
export function addressOf(run: string, contract: number): string {
	return `0x${run}${contract.toString(16).padStart(40 - run.length, '0')}`;
}

/** One change of a contract. Times are those of `Date.now()`, with fractions. */
export interface Change {
	contract: number;
	version: number;
	at: number;
}

/** Said on a line of JSON by a process of subscribers, or by a writer. */
export type Said =
	/** All are subscribed; nothing was sent to them. */
	| { message: 'ready' }
	/** Each change that was received, in order; or that was committed, by the time it was. */
	| { message: 'done'; changes: Change[]; lateMs: number }
	| { message: 'failed'; reason: string };

/** Exact to a fraction of a millisecond, and the same for all processes of one machine. */
export function now(): number {
	return performance.timeOrigin + performance.now();
}
