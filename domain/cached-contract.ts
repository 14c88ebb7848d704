import { type Contract, type ContractKey, keyText } from './contract.ts';
import type { CacheAnswer, ContractCache, ContractStore } from './ports.ts';
import type { Emit } from './telemetry.ts';

export interface CachedContractPorts {
	cache: ContractCache;
	store: Pick<ContractStore, 'readContract'>;
	emit: Emit;
}

type Loaded = Promise<Contract | null>;

export type ReadContract = (key: ContractKey) => Promise<Contract | null>;

/**
 * Reads a contract through the cache, with one fill at a time for each contract. A cache that fails
 * costs speed, never an answer. Null, which is never cached, for a contract nobody submitted.
 */
export function createCachedContract(ports: CachedContractPorts): ReadContract {
	const { cache, store, emit } = ports;
	const fills = new Map<string, Loaded>();

	async function fill(key: ContractKey, ticket: string): Loaded {
		const startedAt = performance.now();
		const contract = await store.readContract(key);
		if (contract) {
			await cache
				.fill(contract, ticket)
				.catch((error) => emit({ type: 'cache.failed', operation: 'fill', error }));
		}
		emit({ type: 'cache.filled', seconds: (performance.now() - startedAt) / 1_000 });
		return contract;
	}

	/** The cache's answer, or why it has none. */
	async function ask(key: ContractKey): Promise<CacheAnswer | 'bypass' | 'error'> {
		try {
			return (await cache.get(key)) ?? 'bypass';
		} catch (error) {
			emit({ type: 'cache.failed', operation: 'get', error });
			return 'error';
		}
	}

	/** Loads it, or waits for a load under way. */
	function load(key: ContractKey, ticket: string): { running: boolean; loaded: Loaded } {
		// A fill belongs to its ticket: one from before a drop must not answer for one after it.
		const name = `${keyText(key)} ${ticket}`;
		const running = fills.get(name);
		if (running) return { running: true, loaded: running };
		const loaded = fill(key, ticket).finally(() => fills.delete(name));
		fills.set(name, loaded);
		return { running: false, loaded };
	}

	return async (key) => {
		const startedAt = performance.now();
		const ended = (result: 'hit' | 'miss' | 'coalesced' | 'bypass') =>
			emit({
				type: 'contract.read',
				path: 'cached',
				cacheResult: result,
				seconds: (performance.now() - startedAt) / 1_000,
			});
		const answer = await ask(key);
		if (typeof answer === 'string') {
			emit({ type: 'cache.read', result: answer });
			const contract = await store.readContract(key);
			ended('bypass');
			return contract;
		}
		if ('hit' in answer) {
			emit({ type: 'cache.read', result: 'hit' });
			ended('hit');
			return answer.hit;
		}
		const { running, loaded } = load(key, answer.miss);
		const result = running ? 'coalesced' : 'miss';
		emit({ type: 'cache.read', result: answer.stale ? 'stale' : result });
		const contract = await loaded;
		ended(result);
		return contract;
	};
}
