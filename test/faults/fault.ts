import type { Dice } from './dice.ts';
import type { Stage } from './stage.ts';

/** One way to break something. */
export interface Fault {
	name: string;
	/** How often it is chosen in a mix, next to the others. */
	weight: number;
	/** Chooses what is hit, and for how long. */
	aim(dice: Dice, stage: Stage): Blow;
}

export interface Blow {
	/** What is hit: two blows on the same thing do not overlap. */
	on: readonly string[];
	/** For a person: what is hit and how, where `on` does not say it all. */
	text?: string;
	lastsMs: number;
	/** Breaks it; what comes back mends it, and resolves when it is whole again. */
	strike(): Promise<() => Promise<void>>;
}

/** For what is over at once. */
export async function nothing(): Promise<void> {}
