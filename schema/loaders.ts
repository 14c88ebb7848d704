import DataLoader from 'dataloader';
import { type Contract, type ContractKey, keyText, type StatusEvent } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import type { ContractStore, SourceStore } from '../domain/ports.ts';
import type { SourceDescription, StandardJson } from '../domain/source.ts';

/** Batches and remembers what one operation reads more than once. */
export interface Loaders {
	contract: DataLoader<ContractKey, Contract | null, string>;
	history: DataLoader<ContractKey, StatusEvent[], string>;
	/** Throws a `BAD_USER_INPUT` once the operation has asked for more bytes of source than it may. */
	standardJson(source: SourceDescription): Promise<StandardJson | null>;
	abi: DataLoader<string, unknown[] | null>;
}

export function createLoaders(
	store: Pick<ContractStore, 'readMany' | 'histories'>,
	sources: SourceStore,
	limits: { sourceBytes: number; items: number },
): Loaders {
	const byKey = { cacheKeyFn: keyText };
	let bytes = 0;
	let items = 0;

	/** What is nested grows with a power of its depth, so it is counted as it is read. */
	function spend(count: number): void {
		items += count;
		if (items > limits.items) {
			throw badInput(
				`One operation may read ${limits.items} contracts and events; nest it less deeply, or split it.`,
			);
		}
	}

	// Large ones: few at a time, and kept only while several fields of one source ask for them.
	const standardJson = new DataLoader(
		(hashes: readonly string[]) => sources.standardJsons(hashes),
		{
			maxBatchSize: 10,
			cache: false,
		},
	);
	return {
		// Not remembered: in a subscription the contract changes while the operation lives.
		contract: new DataLoader(
			async (keys) => {
				spend(keys.length);
				return store.readMany(keys);
			},
			{ ...byKey, cache: false },
		),
		history: new DataLoader(
			async (keys) => {
				const histories = await store.histories(keys);
				spend(histories.reduce((sum, events) => sum + events.length, 0));
				return histories;
			},
			{ ...byKey, cache: false },
		),
		async standardJson({ hash, size }) {
			bytes += size;
			if (bytes > limits.sourceBytes) {
				throw badInput(
					`One operation may ask for ${limits.sourceBytes} bytes of source; split it into several, or take the downloads at zipUrl.`,
				);
			}
			return standardJson.load(hash);
		},
		abi: new DataLoader(
			async (hashes) => {
				spend(100 * hashes.length);
				return sources.abis(hashes);
			},
			{ maxBatchSize: 10, cache: false },
		),
	};
}
