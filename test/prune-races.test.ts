import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/mysql2';
import type { Pool } from 'mysql2/promise';
import { describe, expect } from 'vitest';
import { download } from '../domain/download.ts';
import { createPruning } from '../platform/mysql/pruning.ts';
import { description } from './harness/description.ts';
import { forward, type openPruning, pruningTest } from './harness/pruning.ts';
import type { System } from './harness/system.ts';

const test = pruningTest();

type Pruning = Awaited<ReturnType<typeof openPruning>>;

/** Does something, and has it committed when the test says so. */
async function heldBack(pruning: Pruning, statement: ReturnType<typeof sql>) {
	const done = Promise.withResolvers<void>();
	const release = Promise.withResolvers<void>();
	const ended = pruning.mysql.database.transaction(async (tx) => {
		await tx.execute(statement);
		done.resolve();
		await release.promise;
	});
	await Promise.race([done.promise, ended]);
	return {
		async commit() {
			release.resolve();
			await ended;
		},
	};
}

/** Until somebody waits for a lock. */
async function untilBlocked({ database }: System): Promise<void> {
	const waits = `select count(*) as waits from information_schema.innodb_trx where trx_state = 'LOCK WAIT'`;
	// The table stays as it is while it is read more often than every 100 ms.
	while (Number((await database.query<{ waits: number }>(waits))[0]?.waits) === 0) await sleep(150);
}

const hex = (text: string) => sql`unhex(${text.replace(/^0x/, '')})`;

describe('a contract', () => {
	test('that somebody changes at that moment is not waited for, and stays', async ({ pruning }) => {
		const key = await pruning.notVerified();
		const change = await heldBack(
			pruning,
			sql`update contracts set version = version + 1 where address = ${hex(key.address)}`,
		);
		expect(await pruning.prune()).toMatchObject({ contracts: 0 });
		await change.commit();
		expect(await pruning.store.readContract(key)).toMatchObject({ version: 4 });
	});

	test('that was submitted since it was found stays', async ({ pruning }) => {
		const key = await pruning.notVerified();
		const found = await pruning.context.pruning.findContracts(null, 1_000, {
			...pruning.context.retention,
		});
		expect(found.unread).toContainEqual(expect.objectContaining(key));
		await pruning.store.changeContracts([key], forward);
		expect(await pruning.context.pruning.removeContracts(found.unread, 30)).not.toContainEqual(
			expect.objectContaining(key),
		);
		expect(await pruning.versions(key)).toHaveLength(4);
	});

	test('that is submitted while it is being removed begins anew above what it was', async ({
		system,
		pruning,
	}) => {
		const key = await pruning.notVerified();
		// Holds up the removal after it has its lock: it has to count the version here.
		const bucket = Number.parseInt(key.address.slice(2, 6), 16);
		const held = await heldBack(
			pruning,
			sql`insert into pruned_versions values (${bucket}, 1) on duplicate key update version = 1`,
		);
		const pruned = pruning.prune();
		await untilBlocked(system);
		const submitted = pruning.store.changeContracts([key], forward);
		await held.commit();
		expect(await pruned).toMatchObject({ contracts: 1 });
		await submitted;
		expect(await pruning.versions(key)).toEqual(['4 CREATED']);
		const beside = { chainId: 10, address: key.address };
		await pruning.store.changeContracts([beside], forward, { areNew: true });
		expect(await pruning.versions(beside)).toEqual(['4 CREATED']);
	});

	test('many are submitted and removed at once, and no version comes twice', async ({
		pruning,
	}) => {
		const keys = await Promise.all(Array.from({ length: 30 }, () => pruning.notVerified()));
		await Promise.all([
			pruning.prune(),
			pruning.prune(),
			...keys.map((key) => pruning.store.changeContracts([key], forward)),
		]);
		for (const key of keys) {
			const versions = await pruning.versions(key);
			const anew = versions.length === 1;
			expect(versions).toEqual(
				anew ? ['4 CREATED'] : ['1 CREATED', '2 PROCESS', '3 ERROR', '4 CREATED'],
			);
		}
	});

	test('whose job arrives after it was removed is nobody’s', async ({ pruning }) => {
		const key = await pruning.notVerified();
		await pruning.prune();
		const refuse = () => {
			throw new Error('nothing is to be asked');
		};
		const context = {
			...{ ...pruning.context, store: pruning.store, sources: pruning.sources },
			...{ graceMs: 1_000, leaseMs: 1_000, notVerifiedMs: 1_000, followProxies: true },
			retry: { maxAttempts: 1, baseMs: 1, maxMs: 1, patienceMs: 1, random: Math.random },
			queue: { isOpen: () => true, depth: async () => 0, publish: async () => {} },
			upstreams: { takeTurn: refuse },
		};
		const { signal } = new AbortController();
		for (const redelivered of [false, true]) {
			expect(await download(context, { ...key, version: 1 }, redelivered, signal)).toBe('stale');
		}
		expect(await pruning.store.readContract(key)).toBeNull();
	});
});

describe('a source', () => {
	const abiHash = 'b'.repeat(64);
	const source = (hash: string, abi: string | null = null) => ({
		description: { ...description, hash, abiHash: abi, abiSize: 2 },
		standardJson: { language: 'Solidity', sources: {}, settings: {} },
		abi: abi === null ? null : [],
		longArguments: null,
	});
	const hashes = async ({ database }: System) =>
		(
			await database.query<{ hash: string }>(
				'select lower(hex(hash)) as hash from source_blobs order by hash',
			)
		).map(({ hash }) => hash);
	const age = ({ database }: System) =>
		database.query('update source_blobs set created_at = utc_timestamp(3) - interval 8 day');

	test('that nothing names is removed after a while, and no other', async ({ system, pruning }) => {
		const [unnamed, named, young] = ['1', '2', '3'].map((digit) => digit.repeat(64));
		if (!unnamed || !named || !young) throw new Error('not all are there');
		await pruning.sources.saveSource(source(unnamed, '4'.repeat(64)));
		const argumentsHash = 'c'.repeat(64);
		const given = source(named, abiHash);
		await pruning.sources.saveSource({
			...given,
			...{ description: { ...given.description, argumentsHash }, longArguments: '0x00ff' },
		});
		await age(system);
		await pruning.sources.saveSource(source(young));
		const key = await pruning.notVerified({ days: 0 });
		await pruning.store.changeContracts([key], forward);
		await pruning.store.changeContracts([key], forward);
		await system.database.query(
			`insert into contract_sources (chain_id, address, hash, arguments_hash, description, fetched_at)
			values (1, unhex(?), unhex(?), unhex(?), ?, utc_timestamp(3))`,
			[
				...[key.address.slice(2), named, argumentsHash],
				JSON.stringify({ ...description, hash: named, abiHash }),
			],
		);
		expect(await pruning.prune({ dryRun: true })).toMatchObject({ sources: 2 });
		expect(await pruning.prune()).toMatchObject({ sources: 2 });
		expect(await hashes(system)).toEqual([named, young, abiHash, argumentsHash]);
	});

	test('that a worker saves again is kept until it is named', async ({ system, pruning }) => {
		const hash = '5'.repeat(64);
		await pruning.sources.saveSource(source(hash));
		await age(system);
		const found = await pruning.context.pruning.findUnusedSources(null, 100, 7);
		expect(found.unused).toContain(hash);
		await pruning.sources.saveSource(source(hash));
		expect(await pruning.context.pruning.removeSources([hash], 7)).toBe(0);
		expect(await hashes(system)).toContain(hash);
	});

	test('that is saved again while it is being removed is there afterwards', async ({
		system,
		pruning,
	}) => {
		const hash = '6'.repeat(64);
		await pruning.sources.saveSource(source(hash));
		await age(system);
		const removal = await heldBack(
			pruning,
			sql`delete from source_blobs where hash = ${hex(hash)}`,
		);
		const saved = pruning.sources.saveSource(source(hash));
		await untilBlocked(system);
		await removal.commit();
		await saved;
		expect(await hashes(system)).toContain(hash);
		expect(await pruning.context.pruning.removeSources([hash], 7)).toBe(0);
	});
});

test('every statement of a pass finds its rows by an index, and sorts nothing', async ({
	system,
	pruning,
}) => {
	const asked: [query: string, values: unknown[]][] = [];
	const logger = {
		logQuery: (query: string, values: unknown[]) => void asked.push([query, values]),
	};
	// As `openMySql` makes it.
	const database = drizzle({ client: pruning.mysql.pool as unknown as Pool, logger });
	const { query } = system.database;
	const parts = createPruning({ database });
	const keys = [await pruning.notVerified(), await pruning.notVerified({ runs: 4, days: 0 })];
	const [first] = keys;
	if (!first) throw new Error('there is none');
	await parts.findContracts(first, 10, pruning.context.retention);
	await parts.removeEvents(first, 1, true);
	await parts.removeEvents(first, 1, false);
	await parts.findUnusedSources('0'.repeat(64), 10, 7);
	await parts.removeSources(['0'.repeat(64)], 7);
	await parts.forgetReads(30, 10);
	expect(asked).toHaveLength(9);
	// Of tables with rows in them, as without the optimizer looks at nothing.
	for (const [sql, values] of asked) {
		const rows = await query<{ key: string | null; Extra: string | null }>(
			`explain ${sql}`,
			values,
		);
		for (const { key, Extra } of rows) {
			if (Extra?.includes('impossible') || Extra?.includes('no matching')) continue;
			expect(key, sql).not.toBeNull();
			expect(Extra ?? '', sql).not.toContain('filesort');
		}
	}
});
