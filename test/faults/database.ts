import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from 'mysql2/promise';
import { migrateDatabase } from '../../ops/migrate-database.ts';

/** The database as its administrator has it: through its socket, past every proxy. */
export interface Database {
	/** Asks again while the server is away, but not for ever. */
	query<T>(sql: string, values?: unknown[]): Promise<T[]>;
	/** Who the processes under test are: reads and writes rows, and is held by `read_only`. */
	user: { name: string; password: string };
	close(): Promise<void>;
}

const patienceMs = 90_000;

/** `folder` and `url` are of a MariaDB that runs. */
export async function openDatabase(folder: string, url: string): Promise<Database> {
	await migrateDatabase(url);
	const pool = createPool({
		socketPath: join(folder, 'data/server.sock'),
		user: userInfo().username,
		database: 'verifeed',
		connectionLimit: 2,
		timezone: 'Z',
		connectTimeout: 5_000,
	});
	const user = { name: 'under_test', password: randomBytes(16).toString('hex') };
	await pool.query(`create user '${user.name}'@'127.0.0.1' identified by '${user.password}'`);
	await pool.query(
		`grant select, insert, update, delete on verifeed.* to '${user.name}'@'127.0.0.1'`,
	);
	return {
		user,
		async query<T>(sql: string, values: unknown[] = []) {
			const until = performance.now() + patienceMs;
			for (;;) {
				try {
					const [rows] = await pool.query(sql, values);
					// The shape is the query's, which the caller wrote.
					return rows as T[];
				} catch (error) {
					if (!isAway(error) || performance.now() > until) throw error;
					await sleep(200);
				}
			}
		},
		close: () => pool.end(),
	};
}

/** The server is down or going down; an answer of the server is none of that. */
function isAway(error: unknown): boolean {
	if (!(error instanceof Error) || !('code' in error)) return false;
	const { code } = error;
	return (
		['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ER_SERVER_SHUTDOWN'].includes(
			String(code),
		) || code === 'PROTOCOL_CONNECTION_LOST'
	);
}
