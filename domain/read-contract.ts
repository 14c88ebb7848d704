import type { ReadContract } from './cached-contract.ts';
import type { ContractStore } from './ports.ts';
import type { Reporter } from './reporter.ts';

export interface ReadContractPorts {
	store: Pick<ContractStore, 'read'>;
	reporter: Pick<Reporter, 'contractRead'>;
}

/** Reads a contract straight from the database. */
export function createReadContract({ store, reporter }: ReadContractPorts): ReadContract {
	return async (key) => {
		const startedAt = performance.now();
		const contract = await store.read(key);
		reporter.contractRead('uncached', 'none', (performance.now() - startedAt) / 1_000);
		return contract;
	};
}
