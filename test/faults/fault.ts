import type { ProxiedSystem } from './proxied-system.ts';
import type { Random } from './random.ts';

/** One way to break something. */
export interface FaultKind {
	name: string;
	/** How often it is chosen in a mix, next to the others. */
	weight: number;
	/** Chooses what is hit, and for how long. */
	plan(random: Random, system: ProxiedSystem): Fault;
}

export interface Fault {
	/** What is hit: two faults on the same thing do not overlap. */
	on: readonly string[];
	/** For a person: what is hit and how, where `on` does not say it all. */
	text?: string;
	lastsMs: number;
	/** How often it struck, where it waits for what the system does. */
	strikes?(): number;
	/** Breaks it; what comes back repairs it, and resolves when it is whole again. */
	inject(): Promise<() => Promise<void>>;
}

/** For what is over at once. */
export async function nothing(): Promise<void> {}
