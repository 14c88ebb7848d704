import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisSentinelSet, startRedisSentinel } from '../clusters/redis-sentinel.ts';
import { openSystem, type System } from '../harness/system.ts';
import { describe } from './figures.ts';
import { patience, times, underLoad, untilReady } from './load.ts';

const stack = new AsyncDisposableStack();
let set: RedisSentinelSet;
let system: System;

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'verifeed-sentinel-'));
	stack.defer(() => rm(folder, { recursive: true, force: true }));
	set = await startRedisSentinel(folder);
	stack.defer(() => set.stop());
	system = stack.use(await openSystem({ env: { ...times, REDIS_URL: set.url } }));
});
afterAll(() => stack.disposeAsync());

test(
	'a primary killed under load is replaced by its replica, and nothing is lost or late',
	async () => {
		const servers = [await system.server(), await system.server()];
		const worker = await system.worker();
		const figures = await underLoad(
			system,
			servers.map(({ url }) => url),
			async () => set.servers[0]?.kill('SIGKILL'),
		);
		console.log(describe('Redis Sentinel, primary killed', figures));
		for (const { url } of servers) await untilReady(url);
		expect(await worker.stop()).toBe(0);
	},
	patience,
);
