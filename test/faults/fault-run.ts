import { setTimeout as sleep } from 'node:timers/promises';
import { createDice, type Dice } from './dice.ts';
import type { Blow, Fault } from './fault.ts';
import type { Ledger } from './ledger.ts';
import type { Stage } from './stage.ts';

/** One fault that was done, and how long the system took to finish the next contract after it. */
export interface Strike {
	fault: string;
	text: string;
	/** From its beginning until all was mended. */
	lastedMs: number;
	/** Null: nothing was finished within a minute. */
	recoveredMs: number | null;
}

export interface Siege {
	readonly strikes: readonly Strike[];
	/** Resolves when it is over and the next contract was finished. */
	strike(fault: Fault): Promise<void>;
	/** Several at once, chosen by the seed, until the time is over; all is mended when it resolves. */
	mix(faults: readonly Fault[], ms: number): Promise<void>;
}

const patienceMs = 60_000;
const mostAtOnce = 3;

/** The same seed gives the same faults with the same aims in the same order; only the moments differ. */
export function createSiege(
	stage: Stage,
	ledger: Ledger,
	seed: number,
	say: (text: string) => void,
): Siege {
	const strikes: Strike[] = [];
	const active = new Map<Promise<void>, Blow>();
	const recoveries = new Set<Promise<void>>();
	let count = 0;

	function diceOfNext(): Dice {
		count += 1;
		return createDice(seed + 7919 * count);
	}

	async function perform(fault: Fault, blow: Blow): Promise<void> {
		const begun = performance.now();
		const text = blow.text ?? blow.on.join(', ');
		say(`${fault.name}: ${text}`);
		const mend = await blow.strike();
		await sleep(blow.lastsMs);
		await mend();
		const ended = performance.now();
		const strike: Strike = { fault: fault.name, text, lastedMs: ended - begun, recoveredMs: null };
		strikes.push(strike);
		// Not waited for by a mix, whose next fault may be what it waits for.
		const recovery = ledger.nextFinal().then(() => {
			strike.recoveredMs = performance.now() - ended;
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
	async function place(blow: Blow): Promise<void> {
		for (;;) {
			const busy = [...active.values()].some(({ on }) => on.some((one) => blow.on.includes(one)));
			if (!busy && active.size < mostAtOnce) return;
			await Promise.race(active.keys());
		}
	}

	return {
		strikes,
		async strike(fault) {
			await perform(fault, fault.aim(diceOfNext(), stage));
			await recovered();
		},
		async mix(faults, ms) {
			const until = performance.now() + ms;
			while (performance.now() < until) {
				const dice = diceOfNext();
				const fault = dice.weighed(faults);
				const blow = fault.aim(dice, stage);
				await place(blow);
				const performed = perform(fault, blow).finally(() => active.delete(performed));
				active.set(performed, blow);
				await sleep(dice.whole(200, 2_500));
			}
			await Promise.all(active.keys());
			await recovered();
		},
	};
}
