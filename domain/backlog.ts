import { pause } from './wait.ts';

/** How long contracts wait for their turn at the upstreams, as far as one process can tell. */
export interface Backlog {
	/** Counts one more contract in, and estimates the milliseconds until its turn. */
	join(): number;
	stop(): void;
}

const everyMs = 2_000;

/** Estimates from the number of waiting contracts, counted every few seconds, and the upstreams' pace. */
export function createBacklog(count: () => Promise<number>, perSecond: number): Backlog {
	const stopped = new AbortController();
	let waiting = 0;

	async function run(): Promise<void> {
		while (!stopped.signal.aborted) {
			// A database that does not answer leaves the estimate as it is.
			waiting = await count().catch(() => waiting);
			await pause(everyMs, stopped.signal);
		}
	}

	void run();
	return {
		join() {
			waiting += 1;
			return (waiting * 1_000) / perSecond;
		},
		stop: () => stopped.abort(),
	};
}
