import type { Context } from './context.ts';
import type { Contract } from './contract.ts';

export interface WarmUpBounds {
	/** How many contracts at most. */
	count: number;
	/** How many are read from the database at once. */
	batch: number;
	/** How many batches are under way at once. */
	concurrency: number;
}

export interface Warmed {
	filled: number;
	/** Already there, changed meanwhile, or refused by the cache. */
	skipped: number;
}

/** Fills the cache with the newest contracts that have their source, until `stop` fires. */
export async function warmUp(
	{ store, cache }: Pick<Context, 'store' | 'cache'>,
	bounds: WarmUpBounds,
	stop: AbortSignal,
): Promise<Warmed> {
	const total: Warmed = { filled: 0, skipped: 0 };
	const running = new Set<Promise<void>>();
	const failures: unknown[] = [];
	let listed = 0;
	let after: Contract | null = null;

	async function fillBatch(contracts: readonly Contract[]): Promise<void> {
		// The tickets come before the reading: a change after it makes them void.
		const answers = await Promise.all(contracts.map((contract) => cache.get(contract)));
		const fresh = await store.readContracts(contracts);
		const fills = fresh.map(async (contract, index) => {
			const answer = answers[index];
			if (!contract || !answer || 'hit' in answer) return false;
			return cache.fill(contract, answer.miss);
		});
		for (const filled of await Promise.all(fills)) {
			if (filled) total.filled += 1;
			else total.skipped += 1;
		}
	}

	while (listed < bounds.count && !stop.aborted && failures.length === 0) {
		const limit = Math.min(bounds.batch, bounds.count - listed);
		const contracts: Contract[] = await store.listContracts({ status: 'SUCCESS' }, limit, after);
		const last = contracts.at(-1);
		if (!last) break;
		after = last;
		listed += contracts.length;
		const batch: Promise<void> = fillBatch(contracts)
			.catch((error: unknown) => void failures.push(error))
			.finally(() => running.delete(batch));
		running.add(batch);
		if (running.size >= bounds.concurrency) await Promise.race(running);
	}
	await Promise.all(running);
	if (failures.length > 0) throw new AggregateError(failures, 'the cache could not be filled');
	return total;
}
