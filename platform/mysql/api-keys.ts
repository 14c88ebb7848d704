import { and, asc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import type { ApiKeys } from '../../domain/ports.ts';
import type { Database } from './connection.ts';
import { hasCode } from './primary.ts';
import { apiKeys } from './tables.ts';

/** The database as the list of keys that clients were given. */
export function createApiKeys(database: Database): ApiKeys {
	const { current: _, ...columns } = getTableColumns(apiKeys);
	const select = () => database.select(columns).from(apiKeys).$dynamic();
	const current = (name: string) => and(eq(apiKeys.name, name), isNull(apiKeys.revokedAt));
	return {
		list: () => select().orderBy(asc(apiKeys.id)),
		async find(hash) {
			const [row] = await select().where(eq(apiKeys.hash, hash));
			return row ?? null;
		},
		async add(name, hash, limits) {
			try {
				// `current` is unique: two keys of one name would not be told apart.
				await database
					.insert(apiKeys)
					.values({ name, current: name, hash, ...limits, createdAt: sql`utc_timestamp(3)` });
				return true;
			} catch (error) {
				if (hasCode(error, ['ER_DUP_ENTRY'])) return false;
				throw error;
			}
		},
		async revoke(name) {
			const [done] = await database
				.update(apiKeys)
				.set({ revokedAt: sql`utc_timestamp(3)`, current: null })
				.where(current(name));
			return done.affectedRows > 0;
		},
		async limit(name, limits) {
			const [done] = await database.update(apiKeys).set(limits).where(current(name));
			return done.affectedRows > 0;
		},
	};
}
