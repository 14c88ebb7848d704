import type { Socket } from 'node:net';
import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2';
import { createPool, type Pool, type PoolConnection } from 'mysql2';
import { eachHost } from '../hosts.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { keepToPrimary } from './primary.ts';
import { watchPool } from './watch-pool.ts';

export type Database = MySql2Database;

export interface MySql {
	database: Database;
	/** Rejects when the server does not answer. */
	ping(): Promise<void>;
	close(): Promise<void>;
}

export interface MySqlOptions {
	connections: number;
	/** How long the server may be silent in the midst of a statement before its connection is given up. */
	timeoutMs: number;
	/** Where it is measured, if anywhere: one pool of a process is. */
	metrics?: Metrics;
}

/** Opens nothing yet: connections are made when they are needed, to the one host of the URL that takes writes. */
export function openMySql(url: string, { connections, timeoutMs, metrics }: MySqlOptions): MySql {
	const pool = createPool({
		uri: eachHost(url)[0] ?? url,
		connectionLimit: connections,
		timezone: 'Z',
		charset: 'utf8mb4',
		connectTimeout: Math.min(5_000, timeoutMs),
		enableKeepAlive: true,
	});
	pool.on('connection', (connection) => prepare(connection, timeoutMs));
	keepToPrimary(pool, url);
	const unwatch = metrics ? watchPool(pool, metrics) : () => {};
	return {
		database: drizzle({ client: pool }),
		ping: () => ping(pool),
		async close() {
			await pool.promise().end();
			unwatch();
		},
	};
}

function prepare(connection: PoolConnection, timeoutMs: number): void {
	const seconds = Math.max(1, Math.floor(timeoutMs / 1_000));
	// No gap locks, so that submissions of neighbours do not wait for each other.
	connection.query('set session transaction isolation level read committed');
	// A wait for somebody's lock ends before it looks like a server that has gone; a process that was
	// stopped in the midst of a transaction does not keep its locks for ever.
	connection.query(
		`set session innodb_lock_wait_timeout = ${Math.ceil(seconds / 2)}, wait_timeout = ${seconds * 2}`,
	);
	// Its types leave the socket out.
	const { stream } = connection as unknown as { stream: Socket };
	// A peer that is lost without a word would otherwise be waited for until TCP gives up, for minutes.
	stream.setTimeout(timeoutMs, () => {
		const message = `MySQL did not answer within ${timeoutMs} ms`;
		stream.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
	});
}

async function ping(pool: Pool): Promise<void> {
	await pool.promise().query({ sql: 'select 1', timeout: 2_000 });
}
