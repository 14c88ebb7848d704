import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2';
import type { Pool } from 'mysql2/promise';
import { type ConnectionPool, openPool, type PoolOptions, type PoolState } from './pool.ts';

export type Database = MySql2Database;

/** Transactions that change contracts, of one process at once: while one is committed the next is filled. */
export const changesAtOnce = 2;

export interface MySql {
	database: Database;
	/** What the database is asked through, for statements that are written out. */
	pool: Pick<ConnectionPool, 'query'>;
	/** The connections of those who change contracts, beside all others. */
	writer: Pick<ConnectionPool, 'getConnection'>;
	connections(): PoolState;
	/** Rejects when the server does not answer. */
	ping(): Promise<void>;
	close(): Promise<void>;
}

/** Opens nothing yet: connections are made when they are needed, to the one host of the URL that takes writes. */
export function openMySql(
	url: string,
	options: Omit<PoolOptions, 'emit'> & Partial<PoolOptions>,
): MySql {
	const all = { emit: () => {}, ...options };
	const pool = openPool(url, all);
	const writer = openPool(url, { ...all, connections: changesAtOnce, several: true });
	return {
		// Of a pool Drizzle uses `query` and `getConnection` alone, and of what that gives `query` and `release`.
		database: drizzle({ client: pool as unknown as Pool }),
		pool,
		writer,
		connections() {
			const [one, other] = [pool.state(), writer.state()];
			return {
				idle: one.idle + other.idle,
				used: one.used + other.used,
				pending: one.pending + other.pending,
			};
		},
		async ping() {
			await pool.query({ sql: 'select 1', timeout: 2_000 });
		},
		async close() {
			await Promise.all([pool.end(), writer.end()]);
		},
	};
}
