import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../../ops/migrate-database.ts';
import { eachHost } from '../../platform/hosts.ts';
import { type MySql, openMySql } from '../../platform/mysql/connection.ts';
import { createLeadership } from '../../platform/mysql/leader.ts';
import { type MariadbPair, startMariadbPair } from '../clusters/mariadb-pair.ts';
import { openSystem, type System } from '../harness/system.ts';
import { describe } from './figures.ts';
import { patience, times, underLoad, untilReady } from './load.ts';

const stack = new AsyncDisposableStack();
let pair: MariadbPair;
let url: string;
let system: System;
/** As a server names a temporary table, in the folder that all share where none has its own. */
let othersTable: string;

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'verifeed-pair-'));
	stack.defer(() => rm(folder, { recursive: true, force: true }));
	othersTable = join(tmpdir(), `#sql-temptable-${process.pid}-test.MAI`);
	await writeFile(othersTable, '');
	stack.defer(() => rm(othersTable, { force: true }));
	pair = await startMariadbPair(folder);
	stack.defer(() => pair.stop());
	// The replica first: it has to be passed over.
	url = pair.url.replace(/@([^,/]+),([^,/]+)\//, '@$2,$1/');
	await migrateDatabase(url);
	system = stack.use(await openSystem({ env: { ...times, MYSQL_URL: url } }));
}, patience);
afterAll(() => stack.disposeAsync());

const ask = async (mysql: MySql) => {
	const answer = await mysql.database.execute(sql`select @@server_id as id`);
	const [[row]] = answer as unknown as [{ id: number }[]];
	return row?.id;
};

test('a server that starts leaves the temporary tables of others alone', () => {
	expect(existsSync(othersTable)).toBe(true);
});

test('a server that has become read-only is left, also by connections that were made before', async () => {
	const mysql = openMySql(url, { connections: 3, timeoutMs: 10_000 });
	const [first = ''] = eachHost(pair.url);
	const admin = openMySql(first, { connections: 1, timeoutMs: 10_000 });
	const three = () => Promise.all([ask(mysql), ask(mysql), ask(mysql)]);
	expect(await three()).toEqual([1, 1, 1]);
	await admin.database.execute(sql`set global read_only = 1`);
	const refusal = async () => {
		try {
			await ask(mysql);
			return null;
		} catch (error) {
			return error instanceof Error ? String(error.cause) : '';
		}
	};
	let refused: string | null = null;
	while (refused === null) refused = await refusal();
	expect(refused).toMatch(/none of the MySQL hosts takes writes/);
	await admin.database.execute(sql`set global read_only = 0`);
	expect(await three()).toEqual([1, 1, 1]);
	await mysql.close();
	await admin.close();
});

test('who leads on a server that has become read-only does so no longer', async () => {
	const [first = ''] = eachHost(pair.url);
	const admin = openMySql(first, { connections: 1, timeoutMs: 10_000 });
	const lead = createLeadership(url, 'test', 10_000);
	const connection = await lead.take();
	expect(connection).not.toBeNull();
	expect(await lead.take()).toBe(connection);
	await admin.database.execute(sql`set global read_only = 1`);
	await expect(lead.take()).rejects.toThrow('none of the MySQL hosts takes writes');
	await admin.database.execute(sql`set global read_only = 0`);
	const other = createLeadership(url, 'test', 10_000);
	while ((await other.take()) === null);
	expect(await lead.take()).toBeNull();
	lead.drop();
	other.drop();
	await admin.close();
});

test(
	'a primary killed under load is left for the replica that is promoted, and nothing is lost',
	async () => {
		const server = await system.server();
		const worker = await system.worker();
		const figures = await underLoad(system, [server.url], async () => {
			await pair.primary.kill('SIGKILL');
			await pair.promote();
		});
		console.log(describe('MariaDB, primary killed and its replica promoted at once', figures));
		await untilReady(server.url);
		expect(await worker.stop()).toBe(0);
	},
	patience,
);
