import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TelemetryEvent } from '../domain/telemetry.ts';
import { type MySql, openMySql } from '../platform/mysql/connection.ts';
import { createDatabase, type TestDatabase } from './harness/services.ts';

let database: TestDatabase;
let mysql: MySql;
const trace = new AsyncLocalStorage<string>();
const emitted: { event: TelemetryEvent; in: string | undefined }[] = [];

beforeAll(async () => {
	database = await createDatabase();
	mysql = openMySql(database.url, {
		connections: 2,
		timeoutMs: 10_000,
		emit: (event) => void emitted.push({ event, in: trace.getStore() }),
	});
});
afterAll(async () => {
	await mysql.close();
	await database.drop();
});

/** A transaction that lasts until `end` is called. */
function hold() {
	const begun = Promise.withResolvers<void>();
	const goOn = Promise.withResolvers<void>();
	const ended = mysql.database.transaction(async (tx) => {
		await tx.execute(sql`select 1`);
		begun.resolve();
		await goOn.promise;
	});
	return {
		begun: begun.promise,
		async end() {
			goOn.resolve();
			await ended;
		},
	};
}

test('connections are counted as they are taken, waited for and given back', async () => {
	expect(mysql.connections()).toEqual({ idle: 0, used: 0, pending: 0 });
	const [first, second] = [hold(), hold()];
	await Promise.all([first.begun, second.begun]);
	expect(mysql.connections()).toEqual({ idle: 0, used: 2, pending: 0 });
	const third = hold();
	expect(mysql.connections()).toEqual({ idle: 0, used: 2, pending: 1 });
	await first.end();
	await third.begun;
	expect(mysql.connections()).toEqual({ idle: 0, used: 2, pending: 0 });
	await Promise.all([second.end(), third.end()]);
	expect(mysql.connections()).toEqual({ idle: 2, used: 0, pending: 0 });
});

test('who waited goes on in its own trace, not in that of who gave the connection back', async () => {
	const [first, second] = [1, 2].map(() => trace.run('holder', hold));
	await Promise.all([first?.begun, second?.begun]);
	emitted.length = 0;
	const waiter = trace.run('waiter', () => mysql.database.execute(sql`select 1`));
	await trace.run('holder', async () => first?.end());
	await waiter;
	await second?.end();
	const ofWaiter = emitted.filter((one) => one.in === 'waiter').map(({ event }) => event.type);
	expect(ofWaiter).toEqual(['mysql.waited', 'mysql.called']);
	expect(emitted.filter(({ event }) => event.type === 'mysql.waited')).toHaveLength(1);
});

test('a connection that the server has ended is no longer counted, and another one is made', async () => {
	const ids = await database.query<{ id: number }>(
		'select id from information_schema.processlist where db = database() and id <> connection_id()',
	);
	for (const { id } of ids) await database.query(`kill ${id}`).catch(() => {});
	while (mysql.connections().idle > 0) await new Promise(setImmediate);
	await mysql.ping();
	expect(mysql.connections()).toEqual({ idle: 1, used: 0, pending: 0 });
});
