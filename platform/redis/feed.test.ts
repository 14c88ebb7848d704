import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import type { ContractKey } from '../../domain/contract.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { startRedis } from '../../ops/services/redis.ts';
import type { RunningService } from '../../ops/services/service.ts';
import { openRedis } from './connection.ts';
import { createFeed } from './feed.ts';

const folder = await mkdtemp(join(tmpdir(), 'verifeed-feed-'));
const stack = new AsyncDisposableStack();
stack.defer(() => rm(folder, { recursive: true, force: true }));
let url: string;
let service: RunningService;
let admin: Redis;

beforeAll(async () => {
	service = await startRedis(folder);
	stack.defer(() => service.stop());
	url = service.url;
	admin = new Redis(url);
	admin.on('error', () => {});
	stack.defer(() => admin.disconnect());
});
afterAll(() => stack.disposeAsync());

const silent: Emit = () => {};

function keyOf(number: number): ContractKey {
	return { chainId: 1, address: parseAddress(`0x${number.toString(16).padStart(40, '0')}`) };
}

test('listeners that leave while a lost connection is made anew leave no subscription', async () => {
	// Only what the two need of it.
	const redis = await openRedis(url, silent);
	const feed = createFeed(redis, silent);
	const attach = (number: number) => feed.attach(keyOf(number), { event() {}, gap() {} });
	const stays = attach(0);
	for (let round = 0; round < 5; round += 1) {
		const guests = Array.from({ length: 50 }, (_, index) => attach(index + 1));
		await Promise.all([stays, ...guests].map(({ attached }) => attached));
		// Connected, and the subscriptions not taken up yet.
		redis.subscriber.once('connect', () => {
			for (const guest of guests) guest.detach();
		});
		const ready = new Promise((resolve) => redis.subscriber.once('ready', resolve));
		await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
		await ready;
		// Answered after all that was sent before it.
		await redis.subscriber.ping();
		await redis.subscriber.ping();
		expect(await admin.pubsub('CHANNELS')).toEqual([`contract.status:1:${keyOf(0).address}`]);
	}
	stays.detach();
	while ((await admin.pubsub('CHANNELS')).length > 0);
	redis.close();
});

test('listeners that come and go while Redis is away leave nothing; one that stays is attached when it is back', async () => {
	const redis = await openRedis(url, silent);
	const feed = createFeed(redis, silent);
	const away = new Promise((resolve) => redis.subscriber.once('reconnecting', resolve));
	await service.stop();
	await away;
	const stays = feed.attach(keyOf(0), { event() {}, gap() {} });
	await stays.attached;
	for (let number = 1; number <= 1_000; number += 1) {
		const guest = feed.attach(keyOf(number), { event() {}, gap() {} });
		await guest.attached;
		guest.detach();
	}
	while (feed.channels() > 1) await sleep(20);
	const ready = new Promise((resolve) => redis.subscriber.once('ready', resolve));
	service = await startRedis(folder);
	await ready;
	await redis.subscriber.ping();
	await redis.subscriber.ping();
	expect(await admin.pubsub('CHANNELS')).toEqual([`contract.status:1:${keyOf(0).address}`]);
	stays.detach();
	while ((await admin.pubsub('CHANNELS')).length > 0);
	redis.close();
});
