import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2';
import type { Pool } from 'mysql2/promise';
import { openPool, type PoolOptions, type PoolState } from './pool.ts';

export type Database = MySql2Database;

export interface MySql {
	database: Database;
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
	const pool = openPool(url, { emit: () => {}, ...options });
	return {
		// Of a pool Drizzle uses `query` and `getConnection` alone, and of what that gives `query` and `release`.
		database: drizzle({ client: pool as unknown as Pool }),
		connections: pool.state,
		async ping() {
			await pool.query({ sql: 'select 1', timeout: 2_000 });
		},
		close: pool.end,
	};
}
