/** Counts what arrived, refused calls included. */
export interface Tally {
	record(key: string): void;
	calls(key: string): number;
	readonly total: number;
	/** The most calls that any window of one second has seen. */
	readonly maxPerSecond: number;
	/** When each call arrived, in milliseconds of the clock given; the last 100,000 of them. */
	readonly arrivals: readonly number[];
}

const kept = 100_000;

export function createTally(now: () => number): Tally {
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
