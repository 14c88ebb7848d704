import type { Pool, PoolConnection, QueryError } from 'mysql2';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { eachHost, hostAndPort } from '../hosts.ts';

/** How long a server that took writes is trusted to take them still. */
const trustMs = 500;
const checkMs = 2_000;

// MySQL and MariaDB both have it; on MySQL it is on wherever super_read_only is.
const check = 'select @@global.read_only as readOnly';

/**
 * Of several hosts, makes a pool give out only connections to the one that takes writes: one that does not answer,
 * or is read-only, is passed over, also when it has become so since. With one host it does nothing.
 */
export function keepToPrimary(pool: Pool, url: string): void {
	const hosts = eachHost(url).map((one) => hostAndPort(new URL(one), 3306));
	if (hosts.length === 1) return;
	// Its types leave out what every new connection takes its host from.
	const { connectionConfig } = pool.config as unknown as { connectionConfig: ConnectionOptions };
	const get = pool.getConnection.bind(pool);
	const trusted = new WeakMap<PoolConnection, number>();
	let turn = 0;

	/** Only the first to complain of a host moves on to the next. */
	function moveOn(from: { host?: string; port?: number }): void {
		const current = hosts[turn % hosts.length];
		if (from.host !== current?.host || from.port !== current?.port) return;
		turn += 1;
		Object.assign(connectionConfig, hosts[turn % hosts.length]);
	}

	type Taken = Parameters<Pool['getConnection']>[0];

	function take(callback: Taken, tries: number): void {
		const next = hosts[turn % hosts.length] ?? {};
		get((error, connection) => {
			if (error) {
				moveOn(next);
				if (tries > 1) take(callback, tries - 1);
				else callback(error, connection);
				return;
			}
			const checked = trusted.get(connection);
			if (checked !== undefined && performance.now() - checked < trustMs) {
				callback(null, connection);
				return;
			}
			connection.query({ sql: check, timeout: checkMs }, (failure: QueryError | null, rows) => {
				if (!failure && takesWrites(rows)) {
					trusted.set(connection, performance.now());
					callback(null, connection);
					return;
				}
				moveOn(connection.config);
				connection.destroy();
				// One that the pool has kept from before says nothing of where the next one goes.
				if (checked !== undefined) take(callback, tries);
				else if (tries > 1) take(callback, tries - 1);
				else callback(failure ?? noPrimary(), connection);
			});
		});
	}

	pool.getConnection = (callback) => take(callback, hosts.length + 1);
}

/** As a server itself says it that takes no writes now. */
export function noPrimary(): QueryError {
	const message = 'none of the MySQL hosts takes writes';
	return Object.assign(new Error(message), { code: 'ER_READ_ONLY_MODE', fatal: true });
}

/** One connection, to the host of the URL that takes writes, or to the only one. */
export async function connectToPrimary(
	url: string,
	options: ConnectionOptions,
): Promise<Connection> {
	const uris = eachHost(url);
	let reason: unknown = noPrimary();
	for (const uri of uris) {
		let connection: Connection | null = null;
		try {
			connection = await createConnection({ ...options, uri });
			if (await isPrimary(connection, url)) return connection;
		} catch (error) {
			reason = error;
		}
		connection?.destroy();
	}
	throw reason;
}

/** Whether a connection to one of the URL's hosts is to the one that takes writes, now; of one host it is not asked. */
export async function isPrimary(connection: Connection, url: string): Promise<boolean> {
	if (eachHost(url).length === 1) return true;
	const [rows] = await connection.query({ sql: check, timeout: checkMs });
	return takesWrites(rows);
}

function takesWrites(rows: unknown): boolean {
	const [row] = rows as { readOnly: number }[];
	return row?.readOnly === 0;
}
