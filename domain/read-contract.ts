import type { ReadContract } from './cached-contract.ts';
import type { ContractStore } from './ports.ts';
import type { Emit } from './telemetry.ts';

export interface ReadContractPorts {
	store: Pick<ContractStore, 'readContract'>;
	emit: Emit;
}

/** Reads a contract straight from the database. */
export function createReadContract({ store, emit }: ReadContractPorts): ReadContract {
	return async (key) => {
		const startedAt = performance.now();
		const contract = await store.readContract(key);
		emit({
			type: 'contract.read',
			path: 'uncached',
			cacheResult: 'none',
			seconds: (performance.now() - startedAt) / 1_000,
		});
		return contract;
	};
}
