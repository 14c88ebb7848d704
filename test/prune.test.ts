import { describe, expect } from 'vitest';
import type { ContractKey } from '../domain/contract.ts';
import { readCachedContract } from '../domain/read-contract.ts';
import { cacheKey } from '../platform/redis/contract-cache.ts';
import { runAdmin } from './harness/admin.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { metric, untilMetric } from './harness/metrics.ts';
import { forward, pruningTest } from './harness/pruning.ts';
import { noReads } from './harness/reads.ts';
import type { ServerProcess, System } from './harness/system.ts';

const test = pruningTest({ server: { FOLLOW_POLL_MS: '50' } });

const submit = `mutation ($address: Address!) { submitContract(address: $address) { version status } }`;
const read = `query ($address: Address!) {
	contract(address: $address) { status version history { version } }
	cachedContract(address: $address) { status version }
}`;

interface Found {
	contract: { status: string; version: number; history: { version: number }[] } | null;
	cachedContract: { status: string; version: number } | null;
}

async function reading(server: ServerProcess, { address }: ContractKey): Promise<Found> {
	return (await ask<Found>(server.url, read, { address })).data;
}

const unread = { contract: null, cachedContract: null };

async function readOn(system: System, { address }: ContractKey): Promise<unknown[]> {
	return system.database.query(
		`select datediff(utc_date(), read_on) as ago from contract_reads where address = unhex(?)`,
		[address.slice(2)],
	);
}

describe('contracts that are not verified', () => {
	test('are removed where nobody has read them for so many days', async ({ server, pruning }) => {
		const [old, newer] = [await pruning.notVerified(), await pruning.notVerified({ days: 30 })];
		expect(await pruning.prune({ dryRun: true })).toMatchObject({ contracts: 1 });
		expect(await pruning.prune()).toMatchObject({ contracts: 1, events: 0 });
		expect(await reading(server, old)).toEqual(unread);
		expect(await pruning.versions(old)).toEqual([]);
		expect(await reading(server, newer)).toMatchObject({ contract: { status: 'ERROR' } });
	});

	test('stay where they were read, until that is as long ago', async ({
		system,
		server,
		pruning,
	}) => {
		const key = await pruning.notVerified();
		await pruning.context.pruning.saveReads([key]);
		expect(await pruning.prune()).toMatchObject({ contracts: 0 });
		await system.database.query('update contract_reads set read_on = utc_date() - interval 30 day');
		expect(await pruning.prune()).toMatchObject({ contracts: 0 });
		await system.database.query('update contract_reads set read_on = utc_date() - interval 31 day');
		expect(await pruning.prune()).toMatchObject({ contracts: 1 });
		expect(await readOn(system, key)).toEqual([]);
		expect(await reading(server, key)).toEqual(unread);
	});

	test('stay while somebody follows them, as if it were read on that day', async ({
		system,
		server,
		pruning,
	}) => {
		const key = await pruning.notVerified();
		const { address } = key;
		const following = watch('ws', server.url, watchOne, { address, afterVersion: 3 });
		const next = following.next();
		await untilMetric(server, 'feed_channels', 1);
		while (Number((await system.redis.pubsub('NUMSUB', `contract.status:1:${address}`))[1]) === 0);
		expect(await pruning.prune()).toMatchObject({ contracts: 0 });
		expect(await readOn(system, key)).toEqual([{ ago: 0 }]);
		await pruning.store.changeContracts([key], forward);
		expect((await next).value).toMatchObject({ version: 4 });
		await following.leave();
	});

	test('stay where they have a source, are under way, or ended otherwise', async ({ pruning }) => {
		const [sourced, refused, again] = [
			await pruning.notVerified(),
			await pruning.notVerified(),
			await pruning.notVerified(),
		];
		const set = (values: string, { address }: ContractKey) =>
			pruning.mysql.pool.query({
				sql: `update contracts set ${values} where address = unhex(?)`,
				values: [address.slice(2)],
			});
		await set(`source_hash = repeat('a', 32)`, sourced);
		await set(`error_code = 'SOURCE_TOO_LARGE'`, refused);
		await set(`status = 'PROCESS'`, again);
		expect(await pruning.prune()).toMatchObject({ contracts: 0 });
		await set(`updated_at = utc_timestamp(3)`, again);
	});

	test('stay for the first days after reading is noted', async ({ system, pruning }) => {
		const key = await pruning.notVerified();
		await system.database.query(
			'insert into contract_reads values (0, repeat(char(0), 20), utc_date())',
		);
		expect(await pruning.prune()).toMatchObject({ contracts: 0 });
		await system.database.query('delete from contract_reads where chain_id = 0');
		expect(await pruning.prune()).toMatchObject({ contracts: 1 });
		expect(await pruning.versions(key)).toEqual([]);
	});

	test('leave the cache with them', async ({ system, server, pruning }) => {
		const key = await pruning.notVerified();
		const context = { ...pruning.context, store: pruning.store, fills: new Map(), reads: noReads };
		await readCachedContract(context, key);
		expect(await system.redis.exists(cacheKey(key))).toBe(1);
		await pruning.prune();
		expect(await system.redis.exists(cacheKey(key))).toBe(0);
		expect(await reading(server, key)).toEqual(unread);
	});

	test('are noted by a server that shows them, once, when it stops at the latest', async ({
		system,
		pruning,
	}) => {
		const [shown, cached, followed, fresh, other] = await Promise.all([
			...[1, 2, 3].map(() => pruning.notVerified()),
			pruning.notVerified({ days: 0 }),
			pruning.notVerified(),
		]);
		if (!shown || !cached || !followed || !fresh || !other) throw new Error('not all are there');
		const server = await system.server();
		const by = (field: string, { address }: ContractKey) =>
			ask(server.url, `query ($a: Address!) { ${field}(address: $a) { status } }`, { a: address });
		for (const _ of [1, 2]) {
			await by('contract', shown);
			await by('cachedContract', cached);
			await by('contract', fresh);
		}
		await all(watch('sse', server.url, watchOne, { address: followed.address }));
		await server.stop();
		for (const key of [shown, cached, followed]) {
			expect(await readOn(system, key)).toEqual([{ ago: 0 }]);
		}
		expect(await readOn(system, fresh)).toEqual([]);
		expect(await pruning.prune()).toMatchObject({ contracts: 1 });
		expect(await pruning.versions(other)).toEqual([]);
	});
});

describe('a cursor', () => {
	test('of a removed contract goes on with the one that is submitted anew', async ({
		server,
		pruning,
	}) => {
		const key = await pruning.notVerified();
		const { address } = key;
		await pruning.prune();
		const before = watch('ws', server.url, watchOne, { address, afterVersion: 3 });
		const first = before.next();
		await ask(server.url, submit, { address });
		expect((await first).value).toMatchObject({ version: 4, status: 'CREATED' });
		await before.leave();
		await pruning.store.changeContracts([key], forward);
		await pruning.store.changeContracts([key], forward);
		// Of the same length as the former one: by its own count it would end where that did.
		const later = await all(watch('sse', server.url, watchOne, { address, afterVersion: 3 }));
		expect(later.map(({ version, status }) => `${version} ${status}`)).toEqual([
			'4 CREATED',
			'5 PROCESS',
			'6 ERROR',
		]);
	});

	test('into a removed part gets what is there, then what comes', async ({ server, pruning }) => {
		const key = await pruning.notVerified({ runs: 5, days: 0 });
		const { address } = key;
		expect(await pruning.prune({ dryRun: true })).toMatchObject({ events: 9 });
		expect(await pruning.prune()).toMatchObject({ contracts: 0, events: 9 });
		expect(await pruning.prune()).toMatchObject({ events: 0 });
		const kept = [10, 11, 12, 13, 14, 15];
		const { contract } = await reading(server, key);
		expect(contract?.history.map(({ version }) => version)).toEqual(kept);
		const seen = await all(watch('ws', server.url, watchOne, { address, afterVersion: 2 }));
		expect(seen.map(({ version }) => version)).toEqual(kept);
		await pruning.store.changeContracts([key], forward);
		const live = watch('ws', server.url, watchOne, { address, afterVersion: 2 });
		for (const version of [...kept, 16]) {
			expect((await live.next()).value).toMatchObject({ version });
		}
		const next = live.next();
		await pruning.store.changeContracts([key], forward);
		expect((await next).value).toMatchObject({ version: 17 });
		await live.leave();
	});
});

describe('on the system as a whole', () => {
	const env = { KEEP_RUNS: '2', KEEP_NOT_VERIFIED_DAYS: '30', KEEP_UNUSED_SOURCES_DAYS: '7' };

	test('a person sees what would go, is asked, and removes it', async ({ system, pruning }) => {
		await pruning.prune();
		const key = await pruning.notVerified({ runs: 4 });
		const stays = await pruning.notVerified({ runs: 4, days: 0 });
		const dry = await runAdmin(system, ['prune', '--dry-run', '--json'], env);
		expect(dry.json()).toEqual({ dryRun: true, contracts: 1, events: 6, sources: 0 });
		const refused = await runAdmin(system, ['prune'], env);
		expect(refused.code).toBe(2);
		expect(refused.stderr).toContain('1 contracts');
		expect(await pruning.versions(key)).toHaveLength(12);
		const done = await runAdmin(system, ['prune', '--yes', '--json'], env);
		expect(done.json()).toEqual({ dryRun: false, contracts: 1, events: 6, sources: 0 });
		expect(await pruning.versions(key)).toEqual([]);
		expect(await pruning.versions(stays)).toHaveLength(6);
	});

	test('one of the workers removes it by itself, and counts what it removed', async ({
		system,
		pruning,
	}) => {
		await pruning.prune();
		const gone = await Promise.all([1, 2, 3, 4].map(() => pruning.notVerified()));
		await pruning.notVerified({ runs: 3, days: 0 });
		const more = { ...env, PRUNE_INTERVAL_MS: '100', PRUNE_BATCH: '5' };
		const workers = [await system.worker(more), await system.worker(more)];
		const [first] = await Promise.race(
			workers.map(async (worker) => {
				await worker.logged(({ message }) => message === 'pruned');
				return [worker];
			}),
		);
		if (!first) throw new Error('nobody has pruned');
		await untilMetric(first, 'pruned_rows_total', 4, { kind: 'contracts' });
		await untilMetric(first, 'pruned_rows_total', 3, { kind: 'events' });
		for (const key of gone) expect(await pruning.versions(key)).toEqual([]);
		const [other] = workers.filter((worker) => worker !== first);
		if (!other) throw new Error('there is no other');
		expect(await metric(other, 'prune_passes_total', { outcome: 'ok' })).toBe(0);
		// The lead goes to the other one with the end of this.
		await first.stop();
		await other.logged(({ message }) => message === 'pruned');
	});
});
