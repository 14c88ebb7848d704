import type { Context } from './context.ts';
import { type Contract, type ContractKey, keyText } from './contract.ts';
import type { CacheAnswer, FillTicket } from './ports.ts';
import type { cacheResults } from './telemetry.ts';

type ReadOnly = { store: Pick<Context['store'], 'readContract'> };

/** Reads a contract straight from the database; null for one that nobody submitted. */
export async function readContract(
	{ store, reads, emit }: Pick<Context, 'reads' | 'emit'> & ReadOnly,
	key: ContractKey,
): Promise<Contract | null> {
	const startedAt = performance.now();
	const contract = await store.readContract(key);
	emit({
		type: 'contract.read',
		path: 'uncached',
		cacheResult: 'none',
		seconds: secondsSince(startedAt),
	});
	if (contract?.error) reads.note(contract, contract.updatedAt);
	return contract;
}

type CacheContext = Pick<Context, 'cache' | 'emit' | 'fills' | 'reads'> & ReadOnly;

/**
 * Reads a contract through the cache, with one fill at a time for each contract. A cache that fails
 * costs speed, never an answer. Null, which is never cached, for a contract that nobody submitted.
 */
export async function readCachedContract(
	context: CacheContext,
	key: ContractKey,
): Promise<Contract | null> {
	const { store, reads, emit } = context;
	const startedAt = performance.now();
	const ended = (contract: Contract | null, cacheResult: (typeof cacheResults)[number]) => {
		emit({ type: 'contract.read', path: 'cached', cacheResult, seconds: secondsSince(startedAt) });
		if (contract?.error) reads.note(contract, contract.updatedAt);
		return contract;
	};
	const answer = await askCache(context, key);
	if (typeof answer === 'string') {
		emit({ type: 'cache.read', result: answer });
		return ended(await store.readContract(key), 'bypass');
	}
	if ('hit' in answer) {
		emit({ type: 'cache.read', result: 'hit' });
		return ended(answer.hit, 'hit');
	}
	// A fill belongs to its ticket: one from before a drop must not answer for one after it.
	const name = `${keyText(key)} ${answer.miss}`;
	const underWay = context.fills.get(name);
	const filling = underWay ?? fill(context, key, answer.miss, name);
	const result = underWay ? 'coalesced' : 'miss';
	emit({ type: 'cache.read', result: answer.stale ? 'stale' : result });
	return ended(await filling, result);
}

/** The cache's answer, or why it has none. */
async function askCache(
	{ cache, emit }: CacheContext,
	key: ContractKey,
): Promise<CacheAnswer | 'bypass' | 'error'> {
	try {
		return (await cache.get(key)) ?? 'bypass';
	} catch (error) {
		emit({ type: 'cache.failed', operation: 'get', error });
		return 'error';
	}
}

/** Fills under way, by contract and ticket. */
export type Fills = Map<string, Promise<Contract | null>>;

function fill(
	{ store, cache, emit, fills }: CacheContext,
	key: ContractKey,
	ticket: FillTicket,
	name: string,
): Promise<Contract | null> {
	const load = async () => {
		const startedAt = performance.now();
		const contract = await store.readContract(key);
		if (contract) {
			await cache
				.fill(contract, ticket)
				.catch((error) => emit({ type: 'cache.failed', operation: 'fill', error }));
		}
		emit({ type: 'cache.filled', seconds: secondsSince(startedAt) });
		return contract;
	};
	const filling = load().finally(() => fills.delete(name));
	fills.set(name, filling);
	return filling;
}

interface WarmUpBounds {
	/** How many contracts at most. */
	count: number;
	/** How many are read from the database at once. */
	batch: number;
	/** How many batches are under way at once. */
	concurrency: number;
}

interface Warmed {
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

function secondsSince(startedAt: number): number {
	return (performance.now() - startedAt) / 1_000;
}
