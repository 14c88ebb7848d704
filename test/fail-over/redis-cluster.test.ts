import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StatusEvent } from '../../domain/contract.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { decideSubmit } from '../../domain/transitions.ts';
import { openRedis } from '../../platform/redis/connection.ts';
import { createFeed } from '../../platform/redis/feed.ts';
import { type RedisClusterSet, startRedisCluster } from '../clusters/redis-cluster.ts';
import { randomAddress } from '../harness/contracts.ts';
import { openSystem, type System } from '../harness/system.ts';
import { describe } from './figures.ts';
import { patience, times, underLoad, untilReady } from './load.ts';

const stack = new AsyncDisposableStack();
let set: RedisClusterSet;
let system: System;
/** The index of a node that is no more; its shard has one left. */
let lost = 0;

const silent: Emit = () => {};
const succeeded = [() => true, () => false] as const;

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'verifeed-cluster-'));
	stack.defer(() => rm(folder, { recursive: true, force: true }));
	set = await startRedisCluster(folder);
	stack.defer(() => set.stop());
	system = stack.use(await openSystem({ env: { ...times, REDIS_URL: set.url } }));
});
afterAll(() => stack.disposeAsync());

test(
	'followers see a gap when the node that sends them events is lost',
	async () => {
		const redis = await openRedis(set.url, silent);
		const feed = createFeed(redis, silent);
		const accept = decideSubmit({ refresh: false, graceMs: 1_000, notVerifiedMs: 1_000 });
		const event = accept(null, new Date(), { chainId: 1, address: randomAddress() })?.event;
		if (!event) throw new Error('an event was expected');
		const gap = Promise.withResolvers<void>();
		const received = Promise.withResolvers<StatusEvent>();
		let attached = false;
		const listener = { event: received.resolve, gap: () => void (attached && gap.resolve()) };
		await feed.attach(event, listener).attached;
		attached = true;
		const port = String((redis.subscriber.stream as Socket).remotePort);
		lost = set.nodes.findIndex(({ url }) => new URL(url).port === port);
		await set.nodes[lost]?.kill('SIGKILL');
		await gap.promise;
		while (!(await feed.publish(event).then(...succeeded))) await sleep(100);
		expect(await received.promise).toEqual(event);
		redis.close();
	},
	patience,
);

test(
	'a primary killed under load is replaced by its replica, and nothing is lost or late',
	async () => {
		const servers = [await system.server(), await system.server()];
		const worker = await system.worker();
		const figures = await underLoad(
			system,
			servers.map(({ url }) => url),
			async () => set.nodes[(lost + 1) % 3]?.kill('SIGKILL'),
		);
		console.log(describe('Redis Cluster, primary killed', figures));
		for (const { url } of servers) await untilReady(url);
		expect(await worker.stop()).toBe(0);
	},
	patience,
);
