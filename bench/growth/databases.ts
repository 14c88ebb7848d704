import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { migrateDatabase } from '../../ops/migrate-database.ts';
import type { Run } from '../../ops/run/run.ts';
import { startMariadb } from '../../ops/services/mariadb.ts';
import { endEarlier } from '../../ops/services/service.ts';
import { fillDatabase, type Template } from './fill.ts';

export interface GrownDatabase {
	contracts: number;
	url: string;
	/** Where its files are. */
	folder: string;
	query<T>(sql: string, values?: unknown[]): Promise<T[]>;
	connection: Connection;
}

export interface Growth {
	sizes: readonly number[];
	/** Of InnoDB's buffer pool, in MB. */
	poolMb: number;
	/** What is filled stays for the next run, which brings its tables up to date and fills only what is missing. */
	keep: boolean;
}

const folder = '.data/growth';

/** A MariaDB with a database for each number of contracts, so that all are asked in turn under the same load. */
export async function openDatabases(
	{ say, signal }: Pick<Run, 'say' | 'signal'>,
	stack: AsyncDisposableStack,
	{ sizes, poolMb, keep }: Growth,
	templates: () => Promise<readonly Template[]>,
): Promise<GrownDatabase[]> {
	const home = join(folder, 'mariadb');
	await endEarlier(home);
	if (!keep) rmSync(home, { recursive: true, force: true });
	stack.defer(() => {
		if (!keep && existsSync(home)) rmSync(home, { recursive: true });
	});
	const settings = [
		...[`--innodb-buffer-pool-size=${poolMb}M`, '--innodb-log-file-size=1G'],
		...['--innodb-sort-buffer-size=64M', '--wait-timeout=86400'],
	];
	const server = await startMariadb(home, { mayCreateDatabases: true, settings, signal });
	stack.defer(() => server.stop(60_000));
	const databases: GrownDatabase[] = [];
	for (const contracts of sizes) {
		const url = new URL(server.url);
		url.pathname = `/growth_${contracts}`;
		const connection = await createConnection({ uri: server.url, timezone: 'Z' });
		stack.defer(() => connection.end());
		await ensureFilled(connection, url.href, contracts, templates, say);
		databases.push({
			...{
				contracts,
				url: url.href,
				connection,
				folder: join(home, 'data', `growth_${contracts}`),
			},
			async query<T>(sql: string, values: unknown[] = []) {
				const [rows] = await connection.query(sql, values);
				return rows as T[];
			},
		});
	}
	return databases;
}

async function ensureFilled(
	connection: Connection,
	url: string,
	contracts: number,
	templates: () => Promise<readonly Template[]>,
	say: (line: string) => void,
): Promise<void> {
	const name = `growth_${contracts}`;
	const [found] = await connection.query<RowDataPacket[]>(
		"select 1 from information_schema.tables where table_schema = ? and table_name = 'fill_done'",
		[name],
	);
	const isFilled = found.length > 0;
	if (!isFilled) {
		await connection.query(`drop database if exists ${name}`);
		await connection.query(`create database ${name}`);
	}
	await connection.query(`use ${name}`);
	await migrateDatabase(url);
	if (isFilled) return;
	say(`filling a database with ${contracts.toLocaleString('en-US')} contracts`);
	await fillDatabase(connection, contracts, await templates(), say);
	await connection.query('create table fill_done (at datetime default current_timestamp)');
}
