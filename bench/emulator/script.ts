import type { DoorName } from './door-name.ts';
import { type FaultName, wayOf } from './faults.ts';
import type { Reply } from './reply.ts';

/** A call that is kept waiting for its answer. */
export interface Hold {
	/** Fulfilled when the call is there. */
	arrived: Promise<void>;
	/** Lets it be answered; does nothing the second time. */
	release(): void;
}

/** A known fault, or any other answer word for word. */
export type Injection = FaultName | Reply;

/** What tests have arranged for the next calls at a door, by contract, in the order in which it was arranged. */
export function createScript(door: DoorName) {
	const injections = new Map<string, Injection[]>();
	const holds = new Map<string, { arrive(): void; released: Promise<void> }[]>();

	return {
		inject(key: string, added: readonly Injection[]): void {
			for (const one of added) if (typeof one === 'string') wayOf(one, door);
			injections.set(key, [...(injections.get(key) ?? []), ...added]);
		},
		nextInjection(key: string): Injection | undefined {
			return injections.get(key)?.shift();
		},
		hold(key: string): Hold {
			const arrived = Promise.withResolvers<void>();
			const released = Promise.withResolvers<void>();
			const hold = { arrive: arrived.resolve, released: released.promise };
			holds.set(key, [...(holds.get(key) ?? []), hold]);
			return { arrived: arrived.promise, release: released.resolve };
		},
		/** Comes back when no hold keeps this call, or the one that did is released. */
		async pass(key: string): Promise<void> {
			const hold = holds.get(key)?.shift();
			hold?.arrive();
			await hold?.released;
		},
	};
}
