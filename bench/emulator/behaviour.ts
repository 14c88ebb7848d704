import type { FaultMix } from './faults.ts';
import type { KeyLimits } from './keys.ts';

/** How an emulator behaves; without any of it, it answers at once, rightly and without limits. */
export interface Behaviour extends KeyLimits {
	/** Milliseconds before each answer: always the same, or anything between the two. */
	latency?: number | readonly [min: number, max: number] | undefined;
	faults?: FaultMix | undefined;
	/** The same seed gives the same faults to the same calls. */
	seed?: string | undefined;
	/** Milliseconds that the fault `slow` takes. */
	slowness?: number | undefined;
}

export interface DoorOptions extends Behaviour {
	/** Whether this upstream has the real contracts. Etherscan has unless told not to, the others when told to. */
	catalogue?: boolean | undefined;
}
