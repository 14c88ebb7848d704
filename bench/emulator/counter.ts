import type { EmulatedApi } from './api.ts';

/** Counts what arrived, refused calls included. */
export interface Counter {
	record(key: string): void;
	calls(key: string): number;
	readonly total: number;
	/** The most calls that any window of one second has seen. */
	readonly maxPerSecond: number;
	/** When each call arrived, in milliseconds of the clock given; the last 100,000 of them. */
	readonly arrivals: readonly number[];
}

const kept = 100_000;

export function createCounter(now: () => number): Counter {
	const calls = new Map<string, number>();
	let total = 0;
	let maxPerSecond = 0;
	let window: number[] = [];
	let arrivals: number[] = [];

	return {
		record(key) {
			const time = now();
			calls.set(key, (calls.get(key) ?? 0) + 1);
			total += 1;
			arrivals.push(time);
			if (arrivals.length >= 2 * kept) arrivals = arrivals.slice(-kept);
			const stillIn = window.findIndex((arrival) => arrival > time - 1_000);
			window = stillIn === -1 ? [time] : [...window.slice(stillIn), time];
			maxPerSecond = Math.max(maxPerSecond, window.length);
		},
		calls: (key) => calls.get(key) ?? 0,
		get total() {
			return total;
		},
		get maxPerSecond() {
			return maxPerSecond;
		},
		get arrivals() {
			return arrivals.slice(-kept);
		},
	};
}

type Measured = Pick<EmulatedApi<never>, 'url' | 'total' | 'maxPerSecond' | 'arrivals' | 'age'>;

/** What an API has seen so far. */
export interface ApiStats {
	url: string;
	calls: number;
	maxPerSecond: number;
	/** Calls per second: since the API opened, and in its last 60 and 10 seconds. */
	averagePerSecond: { all: number; last60: number; last10: number };
	/** Milliseconds since the API opened. */
	age: number;
	arrivals?: readonly number[];
}

export function statsOf(api: Measured, options: { arrivals: boolean }): ApiStats {
	const { arrivals, age } = api;
	const average = (seconds: number) => {
		// An API that is younger is not taken for one that has been idle.
		const span = Math.min(seconds * 1_000, age);
		return (arrivals.filter((time) => time >= age - span).length / span) * 1_000;
	};
	return {
		url: api.url,
		calls: api.total,
		maxPerSecond: api.maxPerSecond,
		averagePerSecond: {
			all: (api.total / age) * 1_000,
			last60: average(60),
			last10: average(10),
		},
		age,
		...(options.arrivals && { arrivals }),
	};
}
