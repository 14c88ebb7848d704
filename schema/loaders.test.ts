import { expect, test } from 'vitest';
import type { SourceStore } from '../domain/ports.ts';
import { description } from '../test/harness/description.ts';
import { createLoaders } from './loaders.ts';

const json = {
	language: 'Solidity',
	sources: { 'a.sol': { content: 'contract A {}' } },
	settings: {},
};
const store = {
	readContracts: async () => [],
	readHistories: async () => [],
	readSources: async () => [],
};

/** An operation, how often it took a turn, and what it read. */
function operation() {
	const turn = Promise.withResolvers<void>();
	const counts = { turns: 0, reads: 0 };
	const sources = {
		readStandardJsons: async (hashes: readonly string[]) => {
			counts.reads += 1;
			return hashes.map(() => json);
		},
		readAbis: async (hashes: readonly string[]) => hashes.map(() => []),
	};
	const loaders = createLoaders(store, sources as unknown as SourceStore, {
		...{ sourceBytes: 1e6, items: 100, heavyBytes: 10_000 },
		takeTurn() {
			counts.turns += 1;
			return turn.promise;
		},
	});
	return { loaders, counts, turn };
}

const source = (size: number) => ({ ...description, fetchedAt: new Date(), size, fileCount: 1 });

test('an operation that reads little source waits for nobody', async () => {
	const { loaders, counts } = operation();
	await loaders.files(source(9_000));
	expect(counts).toEqual({ turns: 0, reads: 1 });
});

test('one that reads much waits for one turn before it does', async () => {
	const { loaders, counts, turn } = operation();
	const read = [loaders.files(source(20_000)), loaders.standardJson(source(20_000))];
	const abi = loaders.abi({ ...source(0), abiHash: 'a', abiSize: 5 });
	expect(counts).toEqual({ turns: 1, reads: 0 });
	turn.resolve();
	await Promise.all([...read, abi]);
	expect(counts).toEqual({ turns: 1, reads: 1 });
});
