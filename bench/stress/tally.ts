import { add, type Histogram, percentile } from './histogram.ts';
import type { Line } from './messages.ts';
import { byKind } from './recorder.ts';
import { type Kind, kinds } from './schedule.ts';

/** What all clients together have done of one kind. */
export interface Total {
	due: number;
	answered: number;
	inTime: number;
	failed: number;
	max: number;
	histogram: Histogram;
	/** Due and answered in each second, and the latencies of what was due in it. */
	seconds: Map<number, Second>;
}

export interface Second {
	due: number;
	answered: number;
	histogram: Histogram;
}

export interface Tally {
	take(client: number, line: Line): void;
	readonly totals: Readonly<Record<Kind, Total>>;
	readonly inFlight: number;
	readonly following: number;
	readonly followed: number;
	/** Different reasons why something failed; a few for each client. */
	readonly failures: ReadonlySet<string>;
	/** Clients that have said their last line. */
	readonly ended: number;
}

/** Adds up what the clients say. */
export function createTally(): Tally {
	const totals = byKind(emptyTotal);
	const newest = new Map<number, Line>();
	const failures = new Set<string>();
	const sum = (of: (line: Line) => number) =>
		[...newest.values()].reduce((all, line) => all + of(line), 0);

	return {
		totals,
		failures,
		get inFlight() {
			return sum(({ inFlight }) => inFlight);
		},
		get following() {
			return sum(({ following }) => following);
		},
		get followed() {
			return sum(({ followed }) => followed);
		},
		get ended() {
			return sum(({ last }) => Number(last));
		},
		take(client, line) {
			newest.set(client, line);
			for (const failure of line.failures) failures.add(failure);
			for (const kind of kinds) takeKind(totals[kind], line, kind);
		},
	};
}

function takeKind(total: Total, { second, kinds: said }: Line, kind: Kind): void {
	const counts = said[kind];
	for (const name of ['due', 'answered', 'inTime', 'failed'] as const) total[name] += counts[name];
	total.max = Math.max(total.max, counts.max);
	const own = secondOf(total, second);
	own.due += counts.due;
	own.answered += counts.answered;
	for (const [due, bucket, count] of counts.latencies) {
		add(total.histogram, bucket, count);
		add(secondOf(total, due).histogram, bucket, count);
	}
}

function secondOf({ seconds }: Total, second: number): Second {
	const found = seconds.get(second) ?? { due: 0, answered: 0, histogram: new Map() };
	seconds.set(second, found);
	return found;
}

function emptyTotal(): Total {
	return {
		...{ due: 0, answered: 0, inTime: 0, failed: 0, max: 0 },
		histogram: new Map(),
		seconds: new Map(),
	};
}

/** Milliseconds. */
export interface Latency {
	p50: number;
	p99: number;
}

export function latencyOf(histogram: Histogram): Latency {
	return { p50: percentile(histogram, 0.5), p99: percentile(histogram, 0.99) };
}
