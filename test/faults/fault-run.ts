import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultKind } from './fault.ts';
import type { Observations } from './observations.ts';
import type { ProxiedSystem } from './proxied-system.ts';
import { createRandom, type Random } from './random.ts';

/** One fault that was done, and how long the system took to finish the next contract after it. */
export interface InjectedFault {
	fault: string;
	text: string;
	/** From its beginning until all was repaired. */
	lastedMs: number;
	strikes: number;
	/** Null: nothing was finished within a minute. */
	recoveredMs: number | null;
}

export interface FaultRun {
	readonly injected: readonly InjectedFault[];
	/** Resolves when it is over and the next contract was finished. */
	inject(fault: FaultKind): Promise<void>;
	/** Several at once, chosen by the seed, until the time is over; all is repaired when it resolves. */
	mix(faults: readonly FaultKind[], ms: number): Promise<void>;
}

const patienceMs = 60_000;
const mostAtOnce = 3;

/** The same seed gives the same faults with the same targets in the same order; only the moments differ. */
export function createFaultRun(
	system: ProxiedSystem,
	observations: Observations,
	seed: number,
	say: (text: string) => void,
): FaultRun {
	const injected: InjectedFault[] = [];
	const active = new Map<Promise<void>, Fault>();
	const recoveries = new Set<Promise<void>>();
	let count = 0;

	function nextRandom(): Random {
		count += 1;
		return createRandom(seed + 7919 * count);
	}

	async function perform(fault: FaultKind, planned: Fault): Promise<void> {
		const begun = performance.now();
		const text = planned.text ?? planned.on.join(', ');
		say(`${fault.name}: ${text}`);
		const repair = await planned.inject();
		await sleep(planned.lastsMs);
		await repair();
		const ended = performance.now();
		const inject: InjectedFault = {
			fault: fault.name,
			text,
			lastedMs: ended - begun,
			strikes: planned.strikes?.() ?? 1,
			recoveredMs: null,
		};
		injected.push(inject);
		// Not waited for by a mix, whose next fault may be what it waits for.
		const recovery = observations.nextFinal().then(() => {
			inject.recoveredMs = performance.now() - ended;
			recoveries.delete(recovery);
		});
		recoveries.add(recovery);
	}

	async function recovered(): Promise<void> {
		const timer = new AbortController();
		const late = sleep(patienceMs, undefined, { signal: timer.signal }).catch(() => {});
		await Promise.race([Promise.all(recoveries), late]);
		timer.abort();
	}

	/** What is hit already is not hit a second time at once. */
	async function place(planned: Fault): Promise<void> {
		for (;;) {
			const busy = [...active.values()].some(({ on }) =>
				on.some((one) => planned.on.includes(one)),
			);
			if (!busy && active.size < mostAtOnce) return;
			await Promise.race(active.keys());
		}
	}

	return {
		injected,
		async inject(fault) {
			await perform(fault, fault.plan(nextRandom(), system));
			await recovered();
		},
		async mix(faults, ms) {
			const until = performance.now() + ms;
			while (performance.now() < until) {
				const random = nextRandom();
				const fault = random.weighed(faults);
				const planned = fault.plan(random, system);
				await place(planned);
				const performed = perform(fault, planned).finally(() => active.delete(performed));
				active.set(performed, planned);
				await sleep(random.whole(200, 2_500));
			}
			await Promise.all(active.keys());
			await recovered();
		},
	};
}
