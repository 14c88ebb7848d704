import { type Contract, type ContractKey, keyText } from './contract.ts';
import type { CacheAnswer, ContractCache, ContractStore } from './ports.ts';
import type { Reporter } from './reporter.ts';

export interface CachedContractPorts {
	cache: ContractCache;
	store: Pick<ContractStore, 'read'>;
	reporter: Reporter;
}

export type ReadContract = (key: ContractKey) => Promise<Contract | null>;

/**
 * Reads a contract through the cache, with one fill at a time for each contract. A cache that fails
 * costs speed, never an answer. Null, which is never cached, for a contract nobody submitted.
 */
export function createCachedContract(ports: CachedContractPorts): ReadContract {
	const { cache, store, reporter } = ports;
	const fills = new Map<string, Promise<Contract | null>>();

	async function fill(key: ContractKey, ticket: string): Promise<Contract | null> {
		const contract = await store.read(key);
		if (contract) {
			await cache.fill(contract, ticket).catch((error) => reporter.cacheFailed('fill', error));
		}
		return contract;
	}

	async function ask(key: ContractKey): Promise<CacheAnswer | null> {
		try {
			return await cache.get(key);
		} catch (error) {
			reporter.cacheFailed('get', error);
			return null;
		}
	}

	return async (key) => {
		const answer = await ask(key);
		if (answer && 'hit' in answer) {
			reporter.cacheRead('hit');
			return answer.hit;
		}
		if (!answer) {
			reporter.cacheRead('bypass');
			return store.read(key);
		}
		// A fill belongs to its ticket: one from before a drop must not answer for one after it.
		const name = `${keyText(key)} ${answer.miss}`;
		const running = fills.get(name);
		reporter.cacheRead(running ? 'coalesced' : 'miss');
		if (running) return running;
		const started = fill(key, answer.miss).finally(() => fills.delete(name));
		fills.set(name, started);
		return started;
	};
}
