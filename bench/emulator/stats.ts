import type { Door } from './door.ts';

type Measured = Pick<Door<never>, 'url' | 'total' | 'maxPerSecond' | 'arrivals' | 'age'>;

/** What a door has seen so far. */
export interface DoorStats {
	url: string;
	calls: number;
	maxPerSecond: number;
	/** Calls per second: since the door opened, and in its last 60 and 10 seconds. */
	averagePerSecond: { all: number; last60: number; last10: number };
	/** Milliseconds since the door opened. */
	age: number;
	arrivals?: readonly number[];
}

export function statsOf(door: Measured, options: { arrivals: boolean }): DoorStats {
	const { arrivals, age } = door;
	const average = (seconds: number) => {
		// A door that is younger is not taken for one that has been idle.
		const span = Math.min(seconds * 1_000, age);
		return (arrivals.filter((time) => time >= age - span).length / span) * 1_000;
	};
	return {
		url: door.url,
		calls: door.total,
		maxPerSecond: door.maxPerSecond,
		averagePerSecond: {
			all: (door.total / age) * 1_000,
			last60: average(60),
			last10: average(10),
		},
		age,
		...(options.arrivals && { arrivals }),
	};
}
