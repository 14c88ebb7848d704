import { add, bucketOf, type Histogram } from './histogram.ts';
import type { Counts, Line } from './messages.ts';
import { type Kind, kinds } from './schedule.ts';

const shownFailures = 5;

/** Counts what one client does; times are milliseconds since the start of the load. */
export interface Recorder {
	due(kind: Kind): void;
	answered(kind: Kind, dueAt: number, now: number): void;
	/** Also of an operation that was answered, when something is found wrong later. */
	failed(kind: Kind, why: string, wasOpen: boolean): void;
	follows(change: 1 | -1): void;
	followed(): void;
	readonly inFlight: number;
	/** What was due and is not answered, by kind. */
	readonly open: Readonly<Record<Kind, number>>;
	/** What has happened since the last line. */
	line(second: number, last: boolean): Line;
}

export function createRecorder(inTimeUntil: number): Recorder {
	const open = byKind(() => 0);
	const shown = new Set<string>();
	let counts = byKind(emptyCounts);
	let failures: string[] = [];
	let following = 0;
	let followed = 0;
	const inFlight = () => kinds.reduce((sum, kind) => sum + open[kind], 0);

	return {
		open,
		get inFlight() {
			return inFlight();
		},
		due(kind) {
			counts[kind].due += 1;
			open[kind] += 1;
		},
		answered(kind, dueAt, now) {
			const one = counts[kind];
			const latency = now - dueAt;
			open[kind] -= 1;
			one.answered += 1;
			if (now <= inTimeUntil) one.inTime += 1;
			one.max = Math.max(one.max, latency);
			const second = Math.floor(dueAt / 1_000);
			const histogram = one.seconds.get(second) ?? new Map();
			one.seconds.set(second, histogram);
			add(histogram, bucketOf(latency));
		},
		failed(kind, why, wasOpen) {
			if (wasOpen) open[kind] -= 1;
			counts[kind].failed += 1;
			if (shown.size >= shownFailures || shown.has(why)) return;
			shown.add(why);
			failures.push(why);
		},
		follows(change) {
			following += change;
		},
		followed() {
			followed += 1;
		},
		line(second, last) {
			const line: Line = {
				second,
				kinds: mapKinds(counts, toCounts),
				inFlight: inFlight(),
				following,
				followed,
				failures,
				last,
			};
			counts = byKind(emptyCounts);
			failures = [];
			return line;
		},
	};
}

type Counting = Omit<Counts, 'latencies'> & { seconds: Map<number, Histogram> };

function emptyCounts(): Counting {
	return { due: 0, answered: 0, inTime: 0, failed: 0, max: 0, seconds: new Map() };
}

function toCounts({ seconds, ...counts }: Counting): Counts {
	const latencies = [...seconds].flatMap(([second, histogram]) =>
		[...histogram].map(([bucket, count]): [number, number, number] => [second, bucket, count]),
	);
	return { ...counts, latencies };
}

export function byKind<T>(make: (kind: Kind) => T): Record<Kind, T> {
	// Every kind is there, which the compiler cannot see.
	return Object.fromEntries(kinds.map((kind) => [kind, make(kind)])) as Record<Kind, T>;
}

export function mapKinds<A, B>(all: Record<Kind, A>, change: (one: A) => B): Record<Kind, B> {
	return byKind((kind) => change(all[kind]));
}
