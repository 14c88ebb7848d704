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

/** `start` resolves when it is ready; where that fails, or at an abort, nothing of it is left. */
export type Unit<T extends Running> = {
	name: StageName;
	start(signal: AbortSignal): Promise<T>;
};

type Context = { stages: Stages; say: (text: string) => void; signal: AbortSignal };

/** Starts all at once, and keeps them running. When one does not come up none is left, and its error is thrown. */
export async function startAll<T extends Running>(
	units: readonly Unit<T>[],
	{ stages, say, signal }: Context,
): Promise<{ started: readonly T[]; gaveUp: Promise<string> }> {
	const failure = new AbortController();
	const either = AbortSignal.any([signal, failure.signal]);
	const starts = units.map(async (unit) => {
		try {
			return { unit, first: await unit.start(either) };
		} catch (error) {
			failure.abort(error);
			throw error;
		}
	});
	const outcomes = await Promise.allSettled(starts);
	const begun = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	if (either.aborted) {
		await Promise.all(begun.map(({ first }) => first.stop(3_000)));
		throw either.reason;
	}
	const kept = begun.map(({ unit: { name, start }, first }) => {
		const one = keepRunning(name, first, start, say);
		stages.add(name, one);
		return one.gaveUp;
	});
	return { started: begun.map(({ first }) => first), gaveUp: Promise.race(kept) };
}

// The order things end in, and the milliseconds kept back for each, whatever the ones before it took.
const reserved = {
	// First, so that nothing is reported as down that is only being stopped.
	monitoring: 1_000,
	server: 2_500,
	worker: 3_000,
	'warm-up': 250,
	page: 250,
	emulator: 500,
	RabbitMQ: 3_500,
	Redis: 1_000,
	MariaDB: 2_500,
} as const;
const totalMs = 14_500;

export type StageName = keyof typeof reserved;
export type Stage = { stop(withinMs: number): Promise<void> };

const order = Object.keys(reserved) as StageName[];

/** What has been started, to be ended in order and in time. */
export type Stages = {
	add(name: StageName, stage: Stage): void;
	/** Ends everything; goes on after a failure. Later calls wait for the first. */
	stopAll(): Promise<void>;
};

export function createStages(say: (text: string) => void): Stages {
	const stages = new Map<StageName, Stage>();
	let stopping: Promise<void> | undefined;
	async function stop() {
		const names = order.filter((name) => stages.has(name));
		if (names.length === 0) return;
		say(`stopping ${names.join(', ')}`);
		const until = Date.now() + totalMs;
		for (const name of names) {
			try {
				await stages.get(name)?.stop(timeFor(name, until - Date.now()));
			} catch (error) {
				say(`${name} did not stop cleanly: ${error instanceof Error ? error.message : error}`);
			}
		}
	}
	return {
		add: (name, stage) => stages.set(name, stage),
		stopAll: () => (stopping ??= stop()),
	};
}

/** A stage may use all that is left, except what the later ones need. */
export function timeFor(name: StageName, leftMs: number): number {
	const later = order.slice(order.indexOf(name) + 1);
	const kept = later.reduce((sum, other) => sum + reserved[other], 0);
	return Math.max(leftMs - kept, 200);
}
