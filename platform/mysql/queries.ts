import { and, eq, inArray, or, type SQL } from 'drizzle-orm';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import type { Database } from './connection.ts';
import { type contractEvents, contractSources, contracts } from './tables.ts';

/** Contracts with the description of their newest source. */
export function selectContracts(database: Pick<Database, 'select'>) {
	return database
		.select({ contract: contracts, description: contractSources.description })
		.from(contracts)
		.leftJoin(
			contractSources,
			and(
				eq(contractSources.chainId, contracts.chainId),
				eq(contractSources.address, contracts.address),
				eq(contractSources.hash, contracts.sourceHash),
			),
		)
		.$dynamic();
}

type Keyed = typeof contracts | typeof contractEvents | typeof contractSources;

export function is(table: Keyed, key: ContractKey): SQL | undefined {
	return and(eq(table.chainId, key.chainId), eq(table.address, key.address));
}

export function among(table: Keyed, keys: readonly ContractKey[]): SQL | undefined {
	const unique = new Map(keys.map((key) => [keyText(key), key])).values();
	const chains = Map.groupBy(unique, (key) => key.chainId);
	const parts = [...chains].map(([chainId, group]) =>
		and(
			eq(table.chainId, chainId),
			inArray(
				table.address,
				group.map((key) => key.address),
			),
		),
	);
	return or(...parts);
}
