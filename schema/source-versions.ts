import type { ContractKey } from '../domain/contract.ts';
import type { SourceDescription } from '../domain/source.ts';
import { builder } from './builder.ts';
import { Contract } from './contract.ts';
import { ContractSource } from './contract-source.ts';
import type { Loaders } from './loaders.ts';

export type Version = SourceDescription & ContractKey & { older: boolean };

/** The sources that a contract has had, the one it has now first. */
export async function loadVersions(key: ContractKey, { versions }: Loaders): Promise<Version[]> {
	const { chainId, address } = key;
	const sources = await versions.load(key);
	return sources.map((source, place) => ({ ...source, chainId, address, older: place > 0 }));
}

builder.objectField(Contract, 'sources', (t) =>
	t.field({
		type: [ContractSource],
		description:
			'Every distinct source that was stored for this contract, newest first, at most 100: a refresh that brings\nanother source adds one, a refresh that brings a known one moves it to the front.',
		resolve: (contract, _, { loaders }) => loadVersions(contract, loaders),
	}),
);
