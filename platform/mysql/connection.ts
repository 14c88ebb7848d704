import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2';
import { createPool, type Pool } from 'mysql2';

export type Database = MySql2Database;

export interface MySql {
	database: Database;
	/** Rejects when the server does not answer. */
	ping(): Promise<void>;
	close(): Promise<void>;
}

/** Opens nothing yet: connections are made when they are needed. */
export function openMySql(url: string, connections: number): MySql {
	const pool = createPool({
		uri: url,
		connectionLimit: connections,
		timezone: 'Z',
		charset: 'utf8mb4',
		connectTimeout: 5_000,
		enableKeepAlive: true,
	});
	pool.on('connection', (connection) => {
		// No gap locks, so that submissions of neighbours do not wait for each other.
		connection.query('set session transaction isolation level read committed');
	});
	return {
		database: drizzle({ client: pool }),
		ping: () => ping(pool),
		close: () => pool.promise().end(),
	};
}

async function ping(pool: Pool): Promise<void> {
	await pool.promise().query({ sql: 'select 1', timeout: 2_000 });
}
