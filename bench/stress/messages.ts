import type { Kind, Rates, Seat } from './schedule.ts';

/** What a client is started with. */
export interface Plan extends Seat {
	/** Of the server, such as http://127.0.0.1:41234. */
	url: string;
	rates: Rates;
	seconds: number;
	connections: number;
	/** How long after the last operation was due an answer counts as one that came in time. */
	inTimeMs: number;
	/** How long after the last operation was due answers are waited for at all. */
	patienceMs: number;
}

/** Of one kind in one second of a run. */
export interface Counts {
	due: number;
	answered: number;
	/** Answered while the load lasted, or within `inTimeMs` of its end. */
	inTime: number;
	failed: number;
	/** Milliseconds. */
	max: number;
	/** The second in which it was due, the bucket, and how many of what was answered in this second. */
	latencies: [second: number, bucket: number, count: number][];
}

/** What a client says each second, as a line of JSON. */
export interface Line {
	/** Counted from the start. */
	second: number;
	kinds: Record<Kind, Counts>;
	/** Operations that are due and not answered. */
	inFlight: number;
	/** Subscriptions that have not come to their end. */
	following: number;
	/** Those that have, with every version in order. */
	followed: number;
	/** A few of the new reasons why something failed. */
	failures: string[];
	/** Nothing follows this one. */
	last: boolean;
}
