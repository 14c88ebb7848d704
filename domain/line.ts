import type { Context } from './context.ts';
import { rateLimited } from './errors.ts';
import { pause } from './wait.ts';

/** Who submits, and what it may. */
export interface Asker {
	/** Names the line in which its contracts wait. */
	line: number;
	/** Most contracts that may wait there. */
	mostInLine: number;
	/** Takes new contracts off what it may submit. Throws a `RATE_LIMITED`, or an `UNAUTHENTICATED`. */
	charge(contracts: number): Promise<void>;
	/** Gives back what was charged and not stored. */
	refund(contracts: number): void;
	/** How many contracts may go ahead of all lines now, of who has asked for few lately. */
	ahead(): number;
	/** Whether one more does. */
	goesAhead(): boolean;
}

/** What waits for its turn at the upstreams, as far as one process knows. */
export interface Backlog {
	/** Contracts that are on the queue or due soon, and not finished. */
	queued: number;
	/** Those that are not on the queue yet, by the line in which they wait. */
	lines: Map<number, number>;
	/** The pace of the upstreams. */
	perSecond: number;
	/** With so many on the queue, others wait in line. */
	mostQueued: number;
	/** Most that may wait, queued or in line. */
	mostWaiting: number;
}

interface Place {
	/** Null: goes on the queue at once. */
	line: number | null;
	/** Estimated milliseconds until its turn. */
	waitMs: number;
}

/** Lets one more contract wait: on the queue while that is short, and else in the line of its asker. */
export function join(backlog: Backlog, asker: Asker): Place {
	const { queued, lines, mostQueued, perSecond } = backlog;
	if (queued < mostQueued || asker.goesAhead()) {
		backlog.queued += 1;
		return { line: null, waitMs: (backlog.queued * 1_000) / perSecond };
	}
	const place = (lines.get(asker.line) ?? 0) + 1;
	lines.set(asker.line, place);
	// All lines advance at the same pace.
	let before = queued;
	for (const length of lines.values()) before += Math.min(length, place);
	return { line: asker.line, waitMs: (before * 1_000) / perSecond };
}

/** Throws a `RATE_LIMITED` where so many more contracts may not wait. */
export function requireRoom(backlog: Backlog, asker: Asker, contracts: number): void {
	const { queued, lines, perSecond, mostQueued, mostWaiting } = backlog;
	if (contracts <= asker.ahead()) return;
	// The others go on the queue at once.
	const toLine = Math.min(contracts, queued + contracts - mostQueued);
	if (toLine <= 0) return;
	const own = (lines.get(asker.line) ?? 0) + toLine - asker.mostInLine;
	const over = Math.max(own, queued + inLines(backlog) + contracts - mostWaiting);
	if (over <= 0) return;
	const whose = own > 0 ? 'of yours ' : '';
	throw rateLimited(
		`So many contracts ${whose}wait already that no more are taken; submit them when some of those are finished.`,
		Math.ceil(over / perSecond),
	);
}

export function inLines({ lines }: Pick<Backlog, 'lines'>): number {
	return lines.values().reduce((sum, length) => sum + length, 0);
}

/**
 * How many contracts each line may advance by where there is room for so many: as many as every other one, or all
 * of a shorter line. `random` from 0 to 1 gives out what cannot be halved.
 */
export function shareOut(
	room: number,
	lines: ReadonlyMap<number, number>,
	random: () => number,
): Map<number, number> {
	const shares = new Map<number, number>();
	let left = room;
	let others = lines.size;
	for (const [line, length] of [...lines].sort(([, a], [, b]) => a - b)) {
		const share = Math.min(length, left, Math.floor(left / others + random()));
		if (share > 0) shares.set(line, share);
		left -= share;
		others -= 1;
	}
	return shares;
}

const countEveryMs = 2_000;

/** Counts the backlog every few seconds, until `stop` fires. */
export async function countBacklog(
	{ store, backlog }: Pick<Context, 'store' | 'backlog'>,
	stop: AbortSignal,
): Promise<void> {
	while (!stop.aborted) {
		// A database that does not answer leaves the estimate as it is.
		await store.countWaiting().then(
			({ queued, lines }) => Object.assign(backlog, { queued, lines }),
			() => {},
		);
		await pause(countEveryMs, stop);
	}
}
