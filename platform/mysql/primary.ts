import type { QueryError } from 'mysql2';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { eachHost } from '../hosts.ts';

/** One connection, to the host of the URL that takes writes, or to the only one. */
export async function connectToPrimary(
	url: string,
	options: ConnectionOptions,
): Promise<Connection> {
	let reason: unknown = noPrimary();
	for (const uri of eachHost(url)) {
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
	return eachHost(url).length === 1 || takesWrites(connection);
}

export async function takesWrites(connection: Connection): Promise<boolean> {
	// MySQL and MariaDB both have it; on MySQL it is on wherever super_read_only is.
	const sql = 'select @@global.read_only as readOnly';
	const [rows] = await connection.query({ sql, timeout: 2_000 });
	const [row] = rows as { readOnly: number }[];
	return row?.readOnly === 0;
}

/** As a server itself says it that takes no writes now. */
export function noPrimary(): QueryError {
	const message = 'none of the MySQL hosts takes writes';
	return Object.assign(new Error(message), { code: 'ER_READ_ONLY_MODE', fatal: true });
}

/** What a server says that takes no writes, or none any more. */
const readOnly: readonly string[] = [
	...['ER_OPTION_PREVENTS_STATEMENT', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'],
	'ER_READ_ONLY_MODE',
];

/** What a server says that cannot take the statement now but will later. */
const passing: readonly string[] = [
	...readOnly,
	...['ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN', 'ER_QUERY_INTERRUPTED', 'ER_CHECKREAD'],
	...['ER_LOCK_WAIT_TIMEOUT', 'ER_LOCK_DEADLOCK', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL'],
	// The driver's word for a statement that was given up after its own time.
	'PROTOCOL_SEQUENCE_TIMEOUT',
];

export function isReadOnly(error: unknown): boolean {
	return hasCode(error, readOnly);
}

/** Whether the database could not do it now, as against a fault in what it was asked. */
export function isOutage(error: unknown): boolean {
	// The driver's word for an error that ended the connection.
	return (
		hasCode(error, passing) || causes(error).some((one) => 'fatal' in one && one.fatal === true)
	);
}

/** Whether an error, or what caused it, has one of the server's codes. */
export function hasCode(error: unknown, codes: readonly string[]): boolean {
	return causes(error).some(
		(one) => 'code' in one && typeof one.code === 'string' && codes.includes(one.code),
	);
}

function causes(error: unknown): Error[] {
	return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
