import { and, asc, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Pruning } from '../../domain/ports.ts';
import type { Database } from './connection.ts';
import { contractSources, sourceBlobs } from './tables.ts';

const { hash, createdAt } = sourceBlobs;

type Named = (typeof contractSources)['hash' | 'abiHash' | 'argumentsHash'];

/** With a limit, so that no database makes a list of all names to look them up in. */
function nothingNames(column: Named): SQL {
	return sql`(select 1 from ${contractSources} where ${column} = ${hash} limit 1) is null`;
}

/** Of rows that a release wrote which does not know the column, not all may be known yet. */
const allAreKnown = sql`(select 1 from ${contractSources} where ${contractSources.abiHash} is null limit 1) is null`;

/** Who is about to name one has saved it, or its time, a moment ago. */
function isUnused(days: number): SQL {
	return sql`(${createdAt} < timestampadd(day, ${-days}, utc_timestamp(3))
		and ${nothingNames(contractSources.hash)} and ${nothingNames(contractSources.abiHash)}
		and ${nothingNames(contractSources.argumentsHash)} and ${allAreKnown})`;
}

/** Notes which ABIs rows of such a release name. */
async function noteAbis(database: Database, limit: number): Promise<void> {
	const { abiHash, description } = contractSources;
	const named = sql`unhex(json_value(${description}, '$.abiHash'))`;
	await database
		.update(contractSources)
		.set({ abiHash: sql`coalesce(${named}, unhex(repeat('0', 64)))` })
		.where(isNull(abiHash))
		.limit(limit);
}

export async function findUnusedSources(
	database: Database,
	...[after, limit, days]: Parameters<Pruning['findUnusedSources']>
): ReturnType<Pruning['findUnusedSources']> {
	await noteAbis(database, limit);
	const rows = await database
		.select({ hash, unused: sql`${isUnused(days)}`.mapWith(Boolean) })
		.from(sourceBlobs)
		.where(after === null ? undefined : gt(hash, after))
		.orderBy(asc(hash))
		.limit(limit);
	return {
		last: rows.length < limit ? null : (rows.at(-1)?.hash ?? null),
		unused: rows.filter(({ unused }) => unused).map((row) => row.hash),
	};
}

export async function removeSources(
	database: Database,
	...[hashes, days]: Parameters<Pruning['removeSources']>
): Promise<number> {
	if (hashes.length === 0) return 0;
	const [{ affectedRows }] = await database
		.delete(sourceBlobs)
		.where(and(inArray(hash, [...hashes]), isUnused(days)));
	return affectedRows;
}
