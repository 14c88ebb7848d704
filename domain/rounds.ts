import type { Context } from './context.ts';
import type { ContractKey } from './contract.ts';
import { createWheel, type Seats, type Wheel } from './wheel.ts';

/** Follows a contract. */
export interface Waiting {
	readonly key: ContractKey;
	/** For what comes next, with nothing to look at. */
	readonly isWaiting: boolean;
	/** The contract has this version in the database. */
	standsAt(version: number | undefined): void;
}

export type Rounds = Wheel<Waiting>;

/** Every `pollMs` one query finds out who of those whose turn it is has missed something; only they read their events. */
export function createRounds(
	{ store, emit }: Pick<Context, 'emit'> & { store: Pick<Context['store'], 'readVersions'> },
	pollMs: number,
): Rounds {
	/** A database that hangs is not asked for the same ones once more. */
	const asked = new Set<Seats<Waiting>>();

	async function look(seats: Seats<Waiting>): Promise<void> {
		const waiting = [...seats].filter((one) => one.isWaiting);
		const [first] = waiting;
		if (!first || asked.has(seats)) return;
		asked.add(seats);
		try {
			const versions = await store.readVersions(waiting.map(({ key }) => key));
			waiting.forEach((one, index) => void one.standsAt(versions[index]));
		} catch (error) {
			emit({ type: 'follow.failed', key: first.key, error });
		}
		asked.delete(seats);
	}

	return createWheel(pollMs, (seats) => void look(seats));
}
