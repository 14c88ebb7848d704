import { setTimeout as sleep } from 'node:timers/promises';
import { describeExit, type Exit } from '../services/processes.ts';

export type Running = { exited: Promise<Exit>; stop(withinMs?: number): Promise<void> };

/** Something that is started again when it ends by itself. */
export type Kept = {
	/** Resolves with the reason when it has ended too often. */
	gaveUp: Promise<string>;
	stop(withinMs: number): Promise<void>;
};

const windowMs = 60_000;
const tooOften = 5;

/** Starts it again when it ends: after half a second, then a second, two, four. */
export function keepRunning(
	name: string,
	first: Running,
	start: (signal: AbortSignal) => Promise<Running>,
	say: (text: string) => void,
): Kept {
	const stopped = new AbortController();
	let current: Running | undefined = first;
	let restarting: Promise<unknown> = Promise.resolve();

	async function keep(): Promise<string> {
		const crashes: number[] = [];
		let what = describeExit(await first.exited);
		while (!stopped.signal.aborted) {
			current = undefined;
			crashes.push(Date.now());
			const recent = crashes.filter((at) => at > Date.now() - windowMs).length;
			if (recent >= tooOften) return `${name} ${what}, for the ${recent}th time within a minute`;
			const pause = pauseBefore(recent);
			say(`${name} ${what}; starting it again in ${pause / 1000} s`);
			await sleep(pause, undefined, { signal: stopped.signal });
			const next = start(stopped.signal);
			restarting = next.catch(() => undefined);
			try {
				current = await next;
				say(`${name} runs again`);
				what = describeExit(await current.exited);
			} catch (error) {
				what = `did not start: ${error instanceof Error ? error.message : error}`;
			}
		}
		throw stopped.signal.reason;
	}

	return {
		// After stop() nobody waits for this any more.
		gaveUp: keep().catch(() => new Promise<string>(() => undefined)),
		async stop(withinMs) {
			stopped.abort();
			await restarting;
			await current?.stop(withinMs);
		},
	};
}

/** Milliseconds to wait before the nth restart. */
export function pauseBefore(nth: number): number {
	return 500 * 2 ** (nth - 1);
}
