import DataLoader from 'dataloader';
import { type Contract, type ContractKey, keyText, type StatusEvent } from '../domain/contract.ts';
import type { ContractStore, SourceStore } from '../domain/ports.ts';
import type { StandardJson } from '../domain/source.ts';

/** Batches and remembers what one operation reads more than once. */
export interface Loaders {
	contract: DataLoader<ContractKey, Contract | null, string>;
	history: DataLoader<ContractKey, StatusEvent[], string>;
	standardJson: DataLoader<string, StandardJson | null>;
	abi: DataLoader<string, unknown[] | null>;
}

export function createLoaders(store: ContractStore, sources: SourceStore): Loaders {
	const byKey = { cacheKeyFn: keyText };
	return {
		// Not remembered: in a subscription the contract changes while the operation lives.
		contract: new DataLoader((keys) => store.readMany(keys), { ...byKey, cache: false }),
		history: new DataLoader((keys) => store.histories(keys), { ...byKey, cache: false }),
		// Sources are large: few at a time, and only while they are asked for together.
		standardJson: new DataLoader((hashes) => sources.standardJsons(hashes), {
			maxBatchSize: 10,
			cache: false,
		}),
		abi: new DataLoader((hashes) => sources.abis(hashes), { maxBatchSize: 10, cache: false }),
	};
}
