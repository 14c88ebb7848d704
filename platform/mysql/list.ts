import { and, desc, eq, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Contract } from '../../domain/contract.ts';
import type { ContractFilter, Position } from '../../domain/ports.ts';
import type { Database } from './connection.ts';
import { selectContracts } from './queries.ts';
import { contractOf } from './rows.ts';
import { contracts } from './tables.ts';

/** Contracts, newest change first, from behind a position. */
export async function listContracts(
	database: Database,
	filter: ContractFilter,
	limit: number,
	after: Position | null,
): Promise<Contract[]> {
	const { updatedAt, chainId, address } = contracts;
	const rows = await selectContracts(database)
		.where(
			and(
				filter.status === undefined ? undefined : eq(contracts.status, filter.status),
				filter.chainId === undefined ? undefined : eq(chainId, filter.chainId),
				filter.name === undefined ? undefined : isNamed(filter.name),
				after
					? or(
							lt(updatedAt, after.updatedAt),
							and(eq(updatedAt, after.updatedAt), lt(chainId, after.chainId)),
							and(
								eq(updatedAt, after.updatedAt),
								eq(chainId, after.chainId),
								lt(address, after.address),
							),
						)
					: undefined,
			),
		)
		.orderBy(desc(updatedAt), desc(chainId), desc(address))
		.limit(limit);
	return rows.map((row) => contractOf(row.contract, row.description));
}

/** By the index, and then exactly: the databases' own comparison leaves out spaces at the end. */
function isNamed(name: string): SQL | undefined {
	const { sourceName } = contracts;
	return and(
		eq(sourceName, name),
		sql`cast(${sourceName} as binary) = cast(convert(${name} using utf8mb4) as binary)`,
	);
}
