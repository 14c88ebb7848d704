import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { decideSubmit } from '../../domain/transitions.ts';
import { startRedis } from '../../ops/services/redis.ts';
import type { RunningService } from '../../ops/services/service.ts';
import { openRedis, type RedisConnections } from './connection.ts';
import { cacheKey, createContractCache } from './contract-cache.ts';

const silent: Emit = () => {};
const key = { chainId: 1, address: parseAddress(`0x${'ab'.repeat(20)}`) };
const accept = decideSubmit({ refresh: false, graceMs: 60_000, notVerifiedMs: 60_000 });
const contract = accept(null, new Date(), key)?.contract;
if (!contract) throw new Error('a new contract was expected');

const stack = new AsyncDisposableStack();
let folder: string;
let service: RunningService;

/** As a process has them that was started now. */
async function open(): Promise<RedisConnections & ReturnType<typeof createContractCache>> {
	const redis = await openRedis(service.url, silent);
	stack.defer(() => redis.close());
	return { ...redis, ...createContractCache(redis.commands, 300_000, silent) };
}

async function missed(cache: ReturnType<typeof createContractCache>): Promise<string> {
	const answer = await cache.get(key);
	if (!answer || !('miss' in answer)) throw new Error('a miss was expected');
	return answer.miss;
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'verifeed-cache-'));
	stack.defer(() => rm(folder, { recursive: true, force: true }));
	service = await startRedis(folder);
	stack.defer(() => service.stop());
});
afterAll(() => stack.disposeAsync());

test('an entry, and a ticket, count only on the server process that made them', async () => {
	const before = await open();
	const ticket = await missed(before);
	expect(await before.fill(contract, ticket)).toBe(true);
	expect(await before.get(key)).toEqual({ hit: contract });
	const other = { ...key, address: parseAddress(`0x${'cd'.repeat(20)}`) };
	const pending = await before.get(other);
	await service.stop();
	service = await startRedis(folder);
	const after = await open();
	// The server has kept both.
	expect(await after.commands.hget(cacheKey(key), 'data')).not.toBeNull();
	expect(await after.commands.hget(cacheKey(other), 'ticket')).not.toBeNull();
	if (!pending || !('miss' in pending)) throw new Error('a miss was expected');
	expect(await after.fill({ ...contract, ...other }, pending.miss)).toBe(false);
	const fresh = await missed(after);
	expect(await after.fill(contract, fresh)).toBe(true);
	expect(await after.get(key)).toEqual({ hit: contract });
});

test('a process that was cut off reads past the cache for a while, and others do not', async () => {
	const [cut, other] = [await open(), await open()];
	await cut.commands.del(cacheKey(key));
	expect(await cut.fill(contract, await missed(cut))).toBe(true);
	expect(await other.get(key)).toEqual({ hit: contract });
	const back = once(cut.commands, 'ready');
	cut.commands.disconnect(true);
	await back;
	expect(await cut.get(key)).toBeNull();
	expect(await other.get(key)).toEqual({ hit: contract });
});

test('a hit costs one command and no script, also after the server was started again', async () => {
	const cache = await open();
	const scripts = async () => {
		const stats = await cache.commands.info('commandstats');
		return Number(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1] ?? 0);
	};
	const hits = async () => {
		await cache.commands.del(cacheKey(key));
		await cache.fill(contract, await missed(cache));
		const before = await scripts();
		const answers = await Promise.all(Array.from({ length: 20 }, () => cache.get(key)));
		expect(answers).toEqual(Array.from({ length: 20 }, () => ({ hit: contract })));
		return (await scripts()) - before;
	};
	expect(await hits()).toBe(0);
	const back = new Promise((resolve) => cache.commands.once('ready', resolve));
	await service.stop();
	service = await startRedis(folder);
	await back;
	await vi.waitUntil(async () => (await cache.get(key)) !== null, { timeout: 20_000 });
	expect(await hits()).toBe(0);
});

test('a drop takes away what nobody of us has written, too', async () => {
	const cache = await open();
	const name = cacheKey(key);
	await cache.commands.del(name);
	await cache.commands.set(name, 'a text');
	await cache.drop(key, 2);
	expect(await cache.commands.exists(name)).toBe(0);
	await cache.commands.hset(name, { version: 'none', data: '{}' });
	await cache.drop(key, 2);
	expect(await cache.commands.exists(name)).toBe(0);
});
