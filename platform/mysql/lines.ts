import { asc, count, eq, isNotNull, sql } from 'drizzle-orm';
import type { TracedJob } from '../../domain/ports.ts';
import type { Database } from './connection.ts';
import { among } from './rows.ts';
import { contracts } from './tables.ts';

const { chainId, address, version, trace, line } = contracts;

/** By `contracts_line` alone: reads as many entries as there are in line. */
export async function readLines(database: Database): Promise<Map<number, number>> {
	const rows = await database
		.select({ line, length: count() })
		.from(contracts)
		.where(isNotNull(line))
		.groupBy(line);
	return new Map(rows.flatMap(({ line, length }) => (line === null ? [] : [[line, length]])));
}

export async function takeFromLines(
	database: Database,
	shares: ReadonlyMap<number, number>,
	graceMs: number,
): Promise<TracedJob[]> {
	if (shares.size === 0) return [];
	return database.transaction(async (tx) => {
		const taken: TracedJob[] = [];
		for (const [one, share] of shares) {
			const rows = await tx
				.select({ chainId, address, version, trace })
				.from(contracts)
				.where(eq(line, one))
				.orderBy(asc(contracts.submittedAt))
				.limit(share)
				.for('update', { skipLocked: true });
			taken.push(...rows);
		}
		if (taken.length === 0) return [];
		await tx
			.update(contracts)
			.set({
				line: null,
				dueAt: sql`timestampadd(microsecond, ${graceMs * 1000}, utc_timestamp(3))`,
			})
			.where(among(contracts, taken));
		return taken;
	});
}
