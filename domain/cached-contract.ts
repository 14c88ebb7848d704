import { type Contract, type ContractKey, keyText } from './contract.ts';
import type { CacheAnswer, ContractCache, ContractStore } from './ports.ts';
import type { Reporter } from './reporter.ts';

export interface CachedContractPorts {
	cache: ContractCache;
	store: Pick<ContractStore, 'read'>;
	reporter: Reporter;
}

type Loaded = Promise<Contract | null>;

export type ReadContract = (key: ContractKey) => Promise<Contract | null>;

/**
 * Reads a contract through the cache, with one fill at a time for each contract. A cache that fails
 * costs speed, never an answer. Null, which is never cached, for a contract nobody submitted.
 */
export function createCachedContract(ports: CachedContractPorts): ReadContract {
	const { cache, store, reporter } = ports;
	const fills = new Map<string, Loaded>();

	async function fill(key: ContractKey, ticket: string): Loaded {
		const startedAt = performance.now();
		const contract = await store.read(key);
		if (contract) {
			await cache.fill(contract, ticket).catch((error) => reporter.cacheFailed('fill', error));
		}
		reporter.cacheFilled((performance.now() - startedAt) / 1_000);
		return contract;
	}

	/** The cache's answer, or why it has none. */
	async function ask(key: ContractKey): Promise<CacheAnswer | 'bypass' | 'error'> {
		try {
			return (await cache.get(key)) ?? 'bypass';
		} catch (error) {
			reporter.cacheFailed('get', error);
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
			reporter.contractRead('cached', result, (performance.now() - startedAt) / 1_000);
		const answer = await ask(key);
		if (typeof answer === 'string') {
			reporter.cacheRead(answer);
			const contract = await store.read(key);
			ended('bypass');
			return contract;
		}
		if ('hit' in answer) {
			reporter.cacheRead('hit');
			ended('hit');
			return answer.hit;
		}
		const { running, loaded } = load(key, answer.miss);
		const result = running ? 'coalesced' : 'miss';
		reporter.cacheRead(answer.stale ? 'stale' : result);
		const contract = await loaded;
		ended(result);
		return contract;
	};
}
