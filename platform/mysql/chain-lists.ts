import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Chain, ChainLists } from '../../domain/chain.ts';
import type { Database } from './connection.ts';
import { chainLists } from './tables.ts';

const rows = z.array(
	z.object({ id: z.int().positive(), name: z.string(), explorerUrl: z.string().nullable() }),
) satisfies z.ZodType<Chain[]>;

const now = sql`utc_timestamp(3)`;
const ago = (ms: number) => sql`timestampadd(microsecond, ${-Math.round(ms * 1000)}, ${now})`;
/** As much of a host as the column takes. */
const is = (origin: string) => eq(chainLists.origin, origin.slice(0, 100));

/** The database as the store of chain lists; whose turn it is goes by its clock alone. */
export function createChainLists(database: Database): ChainLists {
	return {
		async read(origin) {
			const [row] = await database.select().from(chainLists).where(is(origin));
			const chains = row ? rows.parse(JSON.parse(row.chains)) : [];
			return chains.length === 0 ? null : chains;
		},
		async take(origin, { every, again }) {
			// As old as a copy that is due after `again`: if the caller dies, the next one gets a yes then.
			const fetchedAt = ago(every - again);
			const [updated] = await database
				.update(chainLists)
				.set({ fetchedAt })
				.where(and(is(origin), sql`${chainLists.fetchedAt} <= ${ago(every)}`));
			if (updated.affectedRows > 0) return true;
			const first = { origin: origin.slice(0, 100), chains: '[]', fetchedAt };
			const [inserted] = await database.insert(chainLists).ignore().values(first);
			return inserted.affectedRows > 0;
		},
		async save(origin, chains) {
			await database
				.update(chainLists)
				.set({ chains: JSON.stringify(chains), fetchedAt: now })
				.where(is(origin));
		},
	};
}
