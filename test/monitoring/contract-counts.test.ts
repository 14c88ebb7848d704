import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emit, TelemetryEvent } from '../../domain/telemetry.ts';
import { nowhere } from '../../ops/run/settings.ts';
import { readConfig } from '../../platform/config.ts';
import { openMySql } from '../../platform/mysql/connection.ts';
import { bounded, countQueries, readUnfinished } from '../../platform/mysql/contract-counts.ts';
import { createLeadership } from '../../platform/mysql/leader.ts';
import { openMetrics } from '../../platform/telemetry/metrics.ts';
import { leadName, startContractCounts } from '../../worker/contract-counts.ts';
import { createDatabase, type TestDatabase } from '../harness/services.ts';

let database: TestDatabase;

beforeAll(async () => {
	database = await createDatabase();
	await database.query(
		`insert into contracts (chain_id, address, status, version, attempts, failures, due_at, created_at, updated_at, submitted_at)
		select 1, unhex(left(sha2(seq, 256), 40)), elt(1 + seq % 4, 'CREATED', 'PROCESS', 'SUCCESS', 'ERROR'), 1, 0, 0,
			if(seq % 4 < 2, timestampadd(second, if(seq % 8 < 4, -100, 100), utc_timestamp(3)), null),
			utc_timestamp(3), utc_timestamp(3), if(seq = 5, timestampadd(hour, -1, utc_timestamp(3)), null)
		from (select a.n + 10 * b.n as seq from (${digits}) a, (${digits}) b) as numbers`,
	);
});
afterAll(() => database.drop());

const digits = Array.from({ length: 10 }, (_, n) => `select ${n} as n`).join(' union all ');

test('one leads at a time, and the next one when it is gone', async () => {
	const [first, second] = [1, 2].map(() => createLeadership(database.url, 'test', 10_000));
	if (!first || !second) throw new Error('there are two');
	expect(await first.take()).not.toBeNull();
	expect(await second.take()).toBeNull();
	expect(await first.take()).not.toBeNull();
	first.drop();
	while ((await second.take()) === null);
	expect(await first.take()).toBeNull();
	first.drop();
	second.drop();
});

test('the server itself ends a scan that takes too long, and the connection is kept', async () => {
	const lead = createLeadership(database.url, 'bounded', 10_000);
	const connection = await lead.take();
	const scan = `select count(*) from contracts a, contracts b, contracts c, contracts d, contracts e
		where a.version + b.version + c.version + d.version + e.version > 9`;
	const failed = await connection
		?.query({ sql: bounded(scan, 50), timeout: 60_000 })
		.catch((error) => error.errno);
	// Of MySQL and of MariaDB; the driver's own has none.
	expect([3024, 1969]).toContain(failed);
	expect(await lead.take()).toBe(connection);
	const [rows] = (await connection?.query('select 1 as one')) ?? [];
	expect(rows).toEqual([{ one: 1 }]);
	lead.drop();
});

const config = () => ({ MYSQL_URL: database.url, CONTRACT_COUNTS_INTERVAL_MS: 20 });
const registry = () => openMetrics('worker', readConfig(nowhere));
type Registry = ReturnType<typeof registry>;

async function shown(of: Registry): Promise<Record<string, number>> {
	const lines = (await of.registry.metrics()).split('\n');
	return Object.fromEntries(
		lines.flatMap((line) => {
			const [, name = '', status, value] =
				/^(contracts|contract_oldest\w+|messaging_outbox\w+){(?:status="(\w+)",)?\S+ (\S+)/.exec(
					line,
				) ?? [];
			return name === '' ? [] : [[status ? `${name} ${status}` : name, Number(value)]];
		}),
	);
}

async function until(of: Registry, fits: (all: Record<string, number>) => boolean) {
	for (;;) {
		const all = await shown(of);
		if (fits(all)) return all;
		await sleep(20);
	}
}

test('the worker that leads shows all counts, others show none, and one of them does when it ends', async () => {
	const [ofFirst, ofSecond] = [registry(), registry()];
	const first = startContractCounts(config(), ofFirst);
	const all = await until(ofFirst, (found) => Object.keys(found).length === 8);
	const second = startContractCounts(config(), ofSecond);
	expect(all).toMatchObject({
		...{ 'contracts CREATED': 25, 'contracts PROCESS': 25 },
		...{ 'contracts SUCCESS': 25, 'contracts ERROR': 25 },
		messaging_outbox_pending: 26,
	});
	const age = (status: string) => all[`contract_oldest_unfinished_age_seconds ${status}`] ?? 0;
	expect(age('PROCESS')).toBeGreaterThanOrEqual(3_600);
	expect(age('CREATED')).toBeLessThan(3_600);
	expect(all['messaging_outbox_oldest_age_seconds']).toBeGreaterThanOrEqual(100);
	expect(await shown(ofSecond)).toEqual({});
	first.stop();
	await until(ofSecond, (found) => found['contracts SUCCESS'] === 25);
	second.stop();
});

test('a contract whose next attempt is set for later has no age until that is overdue, and counts as unfinished', async () => {
	const lead = createLeadership(database.url, 'ages', 10_000);
	const connection = await lead.take();
	if (!connection) throw new Error('nobody else leads');
	const inProcess = async () =>
		(await readUnfinished(connection)).find(({ status }) => status === 'PROCESS');
	const before = await inProcess();
	await database.query(
		`insert into contracts (chain_id, address, status, version, attempts, failures, due_at, next_attempt_at, created_at, updated_at, submitted_at)
		select 2, unhex(repeat('22', 20)), 'PROCESS', 4, 3, 3, later, later, ago, ago, ago
		from (select timestampadd(hour, 1, utc_timestamp(3)) as later, timestampadd(hour, -9, utc_timestamp(3)) as ago) as times`,
	);
	const waiting = await inProcess();
	expect(waiting?.contracts).toBe((before?.contracts ?? 0) + 1);
	expect(waiting?.oldestSeconds).toBeLessThan(9 * 3_600);
	await database.query(
		'update contracts set next_attempt_at = utc_timestamp(3) where chain_id = 2',
	);
	expect((await inProcess())?.oldestSeconds).toBeGreaterThanOrEqual(9 * 3_600);
	// Taken: an attempt that hangs is no wait.
	await database.query('update contracts set next_attempt_at = null where chain_id = 2');
	expect((await inProcess())?.oldestSeconds).toBeGreaterThanOrEqual(9 * 3_600);
	await database.query('delete from contracts where chain_id = 2');
	lead.drop();
});

test('what counting asks is not measured as the statements of the pool are', async () => {
	const mine = registry();
	const measured: TelemetryEvent[] = [];
	const emit: Emit = (event) => void measured.push(event);
	const mysql = openMySql(database.url, { connections: 1, timeoutMs: 10_000, emit });
	const counts = startContractCounts(config(), mine);
	await until(mine, (found) => found['contracts SUCCESS'] !== undefined);
	expect(measured).toEqual([]);
	await mysql.ping();
	expect(measured.map(({ type }) => type)).toEqual(['mysql.waited', 'mysql.called']);
	counts.stop();
	await mysql.close();
});

test('too many to count hides their number alone, and nobody else leads for it', async () => {
	const crowded = await createDatabase();
	// Quicker to fill.
	await crowded.query(
		'alter table contracts drop index contracts_chain, drop index contracts_updated, drop index contracts_name, drop index contracts_status',
	);
	await crowded.query(
		`insert into contracts (chain_id, address, status, version, attempts, failures, created_at, updated_at)
		select 1, unhex(lpad(hex(seq), 40, '0')), if(seq < 10, 'PROCESS', 'SUCCESS'), 1, 0, 0, utc_timestamp(3), utc_timestamp(3)
		from (select a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n as seq
			from (${digits}) a, (${digits}) b, (${digits}) c, (${digits}) d, (${digits}) e) as numbers`,
	);
	const mine = registry();
	const counts = startContractCounts(
		{ MYSQL_URL: crowded.url, CONTRACT_COUNTS_INTERVAL_MS: 1 },
		mine,
		1,
	);
	const other = createLeadership(crowded.url, leadName, 10_000);
	await until(mine, (found) => found['messaging_outbox_pending'] === 0);
	for (let look = 0; look < 20; look += 1) {
		expect(await other.take()).toBeNull();
		const found = await shown(mine);
		expect(found).toMatchObject({ 'contracts PROCESS': 10, messaging_outbox_pending: 0 });
		expect(found).not.toHaveProperty('contracts SUCCESS');
	}
	other.drop();
	counts.stop();
	await crowded.drop();
});

test.each(['unfinished', 'finished', 'due'] as const)(
	'the query of what is %s reads an index and no row',
	async (query) => {
		const plan = await database.query<{ table: string; key: string; Extra: string }>(
			`explain /*!80000 format = traditional */ ${countQueries[query]}`,
		);
		const parts = plan.filter(({ table }) => table === 'contracts');
		expect(parts.length).toBeGreaterThan(0);
		for (const { key, Extra } of parts) {
			expect(key).toMatch(/^contracts_/);
			expect(Extra).toContain('Using index');
			expect(Extra).not.toContain('condition');
		}
	},
);
