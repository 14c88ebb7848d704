import { percentile } from '../open-loop.ts';

/** A contract's way, in seconds from the first submission: of a simulated run or of a real one. */
export interface Way {
	arrived: number;
	begun: number;
	finished: number;
}

export interface Summary {
	/** From the first submission until the last contract was finished. */
	allFinished: number;
	/** From a submission until its contract was finished. */
	p50: number;
	p99: number;
	longestQueue: number;
	/** How many waited for a worker, at even distances of time. */
	queue: readonly { at: number; waiting: number }[];
}

export function summaryOf(ways: readonly Way[], every: number): Summary {
	const stays = ways.map(({ arrived, finished }) => finished - arrived);
	const allFinished = ways.reduce((most, { finished }) => Math.max(most, finished), 0);
	const times = Array.from({ length: Math.floor(allFinished / every) + 1 }, (_, n) => n * every);
	const arrivals = ways.map(({ arrived }) => arrived).sort((a, b) => a - b);
	const begins = ways.map(({ begun }) => begun).sort((a, b) => a - b);
	const waitingAt = (at: number) => countUntil(arrivals, at) - countUntil(begins, at);
	const starts = ways.map(({ arrived }) => waitingAt(arrived));
	return {
		allFinished,
		...{ p50: percentile(stays, 0.5), p99: percentile(stays, 0.99) },
		longestQueue: starts.reduce((most, one) => Math.max(most, one), 0),
		queue: times.map((at) => ({ at, waiting: waitingAt(at) })),
	};
}

/** How many of the rising numbers are no higher than this. */
function countUntil(rising: readonly number[], most: number): number {
	let [from, to] = [0, rising.length];
	while (from < to) {
		const middle = (from + to) >> 1;
		if ((rising[middle] ?? Number.POSITIVE_INFINITY) <= most) from = middle + 1;
		else to = middle;
	}
	return from;
}

/** Lines of a Markdown table with a column for each of them, at the times of the first. */
export function linesOf(columns: Readonly<Record<string, Summary>>): string[] {
	const all = Object.values(columns);
	const [first] = all;
	if (!first) return [];
	const rows: [string, (summary: Summary) => number][] = [
		['all finished after, s', ({ allFinished }) => allFinished],
		['wait until finished, p50, s', ({ p50 }) => p50],
		['wait until finished, p99, s', ({ p99 }) => p99],
		['longest queue', ({ longestQueue }) => longestQueue],
		...first.queue.map(({ at }): [string, (summary: Summary) => number] => [
			`queue after ${at} s`,
			({ queue }) => queue.find((one) => one.at === at)?.waiting ?? 0,
		]),
	];
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [
		line(['', ...Object.keys(columns)]),
		line(['---', ...all.map(() => '---:')]),
		...rows.map(([name, value]) => line([name, ...all.map((one) => shown(value(one)))])),
	];
}

function shown(value: number): string {
	if (Number.isInteger(value) || value >= 1_000) return Math.round(value).toLocaleString('en-US');
	return value.toFixed(value < 10 ? 2 : 1);
}
