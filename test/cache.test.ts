import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { parseAddress } from '../domain/address.ts';
import { announce } from '../domain/announce.ts';
import type { Context } from '../domain/context.ts';
import type { Contract, ContractKey } from '../domain/contract.ts';
import { readCachedContract } from '../domain/read-contract.ts';
import type { Emit } from '../domain/telemetry.ts';
import { decideClaim, decideSubmit } from '../domain/transitions.ts';
import { type MySql, openMySql } from '../platform/mysql/connection.ts';
import { createContractStore } from '../platform/mysql/contract-store.ts';
import { openRedis, type RedisConnections } from '../platform/redis/connection.ts';
import { createContractCache } from '../platform/redis/contract-cache.ts';
import { createFeed } from '../platform/redis/feed.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { randomAddress, verified } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';

const silent: Emit = () => {};

const test = systemTest({ worker: {} })
	.extend('mysql', { scope: 'file' }, ({ system }, { onCleanup }) => {
		const url = system.env['MYSQL_URL'] ?? '';
		const mysql = openMySql(url, { connections: 4, timeoutMs: 15_000 });
		onCleanup(() => mysql.close());
		return mysql;
	})
	.extend('redis', { scope: 'file' }, async ({ system }, { onCleanup }) => {
		const redis = await openRedis(system.env['REDIS_URL'] ?? '', silent);
		onCleanup(() => redis.close());
		return redis;
	})
	// One cache on a connection, as every process has it.
	.extend('parts', { scope: 'file' }, ({ mysql, redis }) => partsOf(mysql, redis));

function partsOf(mysql: MySql, redis: RedisConnections) {
	const store = createContractStore(mysql);
	const cache = createContractCache(redis.commands, 300_000, silent);
	const context = { cache, feed: createFeed(redis, silent), emit: silent };
	const limits = { leaseMs: 60_000, maxAttempts: 3 };
	return {
		store,
		cache,
		async submit(key: ContractKey) {
			await announce(
				context,
				await store.changeContracts(
					[key],
					decideSubmit({ refresh: false, graceMs: 3_600_000, notVerifiedMs: 600_000 }),
				),
			);
		},
		async claim(key: ContractKey, version: number) {
			await announce(context, await store.changeContracts([key], decideClaim(version, limits)));
		},
	};
}

/** Reads through the cache as one process does. */
function openReader(
	parts: Pick<Context, 'cache'> & { store: Pick<Context['store'], 'readContract'> },
) {
	const context = { ...parts, emit: silent, fills: new Map() };
	return (key: ContractKey) => readCachedContract(context, key);
}

const fresh = (): ContractKey => ({ chainId: 1, address: randomAddress() });

describe('a fill that races a change', () => {
	test('is refused when it read before the change and ends after it', async ({ parts }) => {
		const { store, cache, submit, claim } = parts;
		const key = fresh();
		await submit(key);
		const reading = Promise.withResolvers<void>();
		const goOn = Promise.withResolvers<void>();
		const slow = openReader({
			cache,
			store: {
				async readContract(wanted) {
					const contract = await store.readContract(wanted);
					reading.resolve();
					await goOn.promise;
					return contract;
				},
			},
		});
		const filling = slow(key);
		await reading.promise;
		await claim(key, 1);
		goOn.resolve();
		expect((await filling)?.version).toBe(1);
		const after = await openReader({ cache, store })(key);
		expect(after?.version).toBe(2);
	});

	test('does not answer for a reader who comes after the change', async ({ parts }) => {
		const { store, cache, submit, claim } = parts;
		const key = fresh();
		await submit(key);
		const reads: PromiseWithResolvers<Contract | null>[] = [];
		const read = openReader({
			cache,
			store: {
				readContract() {
					const pending = Promise.withResolvers<Contract | null>();
					reads.push(pending);
					return pending.promise;
				},
			},
		});
		const old = await store.readContract(key);
		const before = read(key);
		await until(() => reads.length === 1);
		await claim(key, 1);
		const after = read(key);
		await until(() => reads.length === 2);
		reads[0]?.resolve(old);
		reads[1]?.resolve(await store.readContract(key));
		expect((await before)?.version).toBe(1);
		expect((await after)?.version).toBe(2);
		expect((await read(key))?.version).toBe(2);
	});

	test('is void when the whole cache was flushed meanwhile', async ({ system, parts }) => {
		const { store, cache, submit } = parts;
		const key = fresh();
		await submit(key);
		const answer = await cache.get(key);
		const contract = await store.readContract(key);
		if (!answer || 'hit' in answer || !contract) throw new Error('a miss was expected');
		await system.redis.flushall();
		expect(await cache.fill(contract, answer.miss)).toBe(false);
	});
});

test('many readers at once make one fill', async ({ parts }) => {
	const { store, cache, submit } = parts;
	const key = fresh();
	await submit(key);
	let reads = 0;
	const read = openReader({
		cache,
		store: {
			readContract(wanted) {
				reads += 1;
				return store.readContract(wanted);
			},
		},
	});
	const answers = await Promise.all(Array.from({ length: 50 }, () => read(key)));
	expect(new Set(answers.map((contract) => contract?.version))).toEqual(new Set([1]));
	expect(reads).toBe(1);
	await read(key);
	expect(reads).toBe(1);
});

test('a drop that did not reach Redis is made up for', async ({ system, mysql }) => {
	// Others would find the cache in doubt after its connection was lost.
	const redis = await openRedis(system.env['REDIS_URL'] ?? '', silent);
	onTestFinished(() => redis.close());
	const { store, cache, submit } = partsOf(mysql, redis);
	const key = fresh();
	await submit(key);
	const read = openReader({ cache, store });
	await read(key);
	redis.commands.disconnect(true);
	await expect(cache.drop(key, 2)).rejects.toThrow();
	await new Promise((resolve) => redis.commands.once('ready', resolve));
	await until(async () => (await system.redis.exists(`contract:1:${key.address}`)) === 0);
});

test('an entry that another release wrote is read anew', async ({ system, parts }) => {
	const { store, cache, submit } = parts;
	const key = fresh();
	await submit(key);
	await system.redis.hset(`contract:1:${key.address}`, { version: 1, data: '{"shape":"old"}' });
	const read = openReader({ cache, store });
	expect((await read(key))?.version).toBe(1);
});

test('whoever has seen an event never reads an older answer from the cache, through any server', async ({
	system,
	server,
}) => {
	const other = await system.server();
	const address = verified(system.emulator);
	const query = 'query ($address: Address!) { cachedContract(address: $address) { version } }';
	const submit =
		'mutation ($address: Address!, $refresh: Boolean!) { submitContract(address: $address, refresh: $refresh) { version } }';
	interface Cached {
		cachedContract: { version: number };
	}
	await ask(server.url, submit, { address, refresh: false });
	for (let round = 0; round < 5; round += 1) {
		for await (const event of watch('ws', server.url, watchOne, {
			address,
			afterVersion: 3 * round,
		})) {
			for (const { url } of [other, server]) {
				const { data } = await ask<Cached>(url, query, { address });
				expect(data.cachedContract.version).toBeGreaterThanOrEqual(event.version);
			}
		}
		await ask(server.url, submit, { address, refresh: true });
	}
	await all(watch('ws', server.url, watchOne, { address, afterVersion: 15 }));
});

test('an address nobody submitted is not cached', async ({ system, server }) => {
	const address = parseAddress(`0x${'ab'.repeat(20)}`);
	const query = 'query ($address: Address!) { cachedContract(address: $address) { version } }';
	expect((await ask<unknown>(server.url, query, { address })).data).toEqual({
		cachedContract: null,
	});
	expect(await system.redis.hget(`contract:1:${address}`, 'data')).toBeNull();
});

test('the warm-up fills the cache with the newest contracts, logs how many, and the server exports it', async ({
	system,
	server,
}) => {
	await system.redis.flushall();
	const warmup = system.run('warmup/main.ts', { WARMUP_COUNT: '3', WARMUP_BATCH: '2' });
	expect(await warmup.exit).toEqual({ code: 0, signal: null });
	const [expected] = await system.database.query<{ n: number }>(
		"select least(count(*), 3) as n from contracts where status = 'SUCCESS'",
	);
	const line = await warmup.logged(({ message }) => message === 'cache warmed').catch(() => null);
	const logged = line ?? warmup.lines.find(({ message }) => message === 'cache warmed');
	expect(logged?.['filled']).toBe(Number(expected?.n));
	expect((await system.redis.keys('contract:*')).length).toBe(Number(expected?.n));
	const metrics = await (await fetch(`${server.metricsUrl}/metrics`)).text();
	expect(metrics).toMatch(new RegExp(`cache_warmup_entries\\{result="filled".*\\} ${expected?.n}`));
	expect(metrics).toMatch(/cache_warmup_last_success_timestamp_seconds\{.*\} 1\d{9}/);
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await holds())) await sleep(20);
}
