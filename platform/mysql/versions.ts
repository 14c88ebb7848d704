import { and, eq, lte, sql } from 'drizzle-orm';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import type { SourceDescription } from '../../domain/source.ts';
import type { Database } from './connection.ts';
import { among, is } from './queries.ts';
import { descriptionOf } from './rows.ts';
import { contractSources, contracts } from './tables.ts';

const { chainId, address, hash, fetchedAt, description } = contractSources;

/** Up to `limit` sources of each contract, the one it has now first, then by when they were last fetched. */
export async function readVersions(
	database: Database,
	keys: readonly ContractKey[],
	limit: number,
): Promise<SourceDescription[][]> {
	if (keys.length === 0) return [];
	// The current one first in any case: the database's clock may have been put back.
	const order = sql`${hash} = ${contracts.sourceHash} desc, ${fetchedAt} desc, ${hash}`;
	const ranked = database
		.select({
			chainId,
			address,
			description,
			place: sql<number>`row_number() over (partition by ${chainId}, ${address} order by ${order})`
				.mapWith(Number)
				.as('place'),
		})
		.from(contractSources)
		.innerJoin(contracts, and(eq(contracts.chainId, chainId), eq(contracts.address, address)))
		.where(among(contractSources, keys))
		.as('ranked');
	const rows = await database
		.select()
		.from(ranked)
		.where(lte(ranked.place, limit))
		.orderBy(ranked.place);
	const grouped = Map.groupBy(rows, keyText);
	return keys.map((key) =>
		(grouped.get(keyText(key)) ?? []).map((row) => descriptionOf(row.description)),
	);
}

export async function readVersion(
	database: Database,
	key: ContractKey,
	wanted: string,
): Promise<SourceDescription | null> {
	const [row] = await database
		.select({ description })
		.from(contractSources)
		.where(and(is(contractSources, key), eq(hash, wanted)));
	return row ? descriptionOf(row.description) : null;
}
