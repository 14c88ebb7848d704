import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decideSubmit } from '../domain/transitions.ts';
import { type MySql, openMySql } from '../platform/mysql/connection.ts';
import { createContractStore } from '../platform/mysql/contract-store.ts';
import { randomAddress } from './harness/contracts.ts';
import { createDatabase, type TestDatabase } from './harness/services.ts';

let database: TestDatabase;
let mysql: MySql;

beforeAll(async () => {
	database = await createDatabase();
	// One connection, whose own counters show what was asked of the database.
	mysql = openMySql(database.url, { connections: 1, timeoutMs: 60_000 });
});
afterAll(async () => {
	await mysql.close();
	await database.drop();
});

async function selects(): Promise<number> {
	const answer = await mysql.database.execute(sql`show session status like 'Com_select'`);
	const [[row]] = answer as unknown as [{ Value: string }[]];
	return Number(row?.Value);
}

test('thousands who have seen all there is cost a few queries a look, and who has not gets the rest', async () => {
	const store = createContractStore(mysql);
	const keys = Array.from({ length: 100 }, () => ({ chainId: 1, address: randomAddress() }));
	const submit = decideSubmit({ refresh: false, graceMs: 60_000, notVerifiedMs: 60_000 });
	await store.changeContracts(keys, submit);
	const followers = Array.from({ length: 20 }, () => keys).flat();
	const before = await selects();
	const seen = await Promise.all(followers.map((key) => store.readEvents(key, 1, 100)));
	expect(seen.flat()).toEqual([]);
	expect((await selects()) - before).toBe(followers.length / 500);
	const rest = await Promise.all(keys.map((key) => store.readEvents(key, 0, 100)));
	expect(rest).toMatchObject(keys.map(() => [{ version: 1 }]));
	expect(await store.readEvents({ chainId: 1, address: randomAddress() }, 0, 100)).toEqual([]);
});
