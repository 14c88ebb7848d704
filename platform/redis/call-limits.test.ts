import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Emit } from '../../domain/telemetry.ts';
import { startRedis } from '../../ops/services/redis.ts';
import { type OpenCallLimits, openCallLimits } from './call-limits.ts';

const folder = await mkdtemp(join(tmpdir(), 'verifeed-limits-'));
const stack = new AsyncDisposableStack();
stack.defer(() => rm(folder, { recursive: true, force: true }));
let service: Awaited<ReturnType<typeof startRedis>>;
let redis: Redis;

const failures: unknown[] = [];
const emit: Emit = (event) => {
	if (event.type === 'call-limits.failed') failures.push(event.error);
};
const shareOf = (count: number) => ({ processes: () => count, close() {} });

/** As one process has it: with a connection of its own. */
async function openProcess(): Promise<OpenCallLimits> {
	const own = new Redis(service.url, {
		enableOfflineQueue: false,
		enableAutoPipelining: true,
		maxRetriesPerRequest: 0,
	});
	own.on('error', () => {});
	await new Promise((ready) => own.once('ready', ready));
	const limits = await openCallLimits(own, shareOf(2), emit);
	stack.defer(() => own.disconnect());
	stack.defer(() => limits.close());
	return limits;
}

beforeAll(async () => {
	service = await startRedis(folder);
	stack.defer(() => service.stop());
	redis = new Redis(service.url);
	stack.defer(() => redis.disconnect());
});
beforeEach(async () => {
	await redis.flushall();
	failures.length = 0;
});
afterAll(() => stack.disposeAsync());

const redisNow = async () => {
	const [seconds, micros] = await redis.time();
	return Number(seconds) * 1_000 + Number(micros) / 1_000;
};

describe('slots are given out over all processes', () => {
	test.each([3, 5, 30])('at most %d of them fall into any second', async (perSecond) => {
		const processes = await Promise.all([openProcess(), openProcess(), openProcess()]);
		const start = await redisNow();
		const asked = await Promise.all(
			Array.from({ length: 90 }, (_, index) =>
				processes[index % 3]?.reserve(`a${perSecond}`, perSecond),
			),
		);
		const granted = asked.filter((one) => one && 'inMs' in one).length;
		const next = Number(await redis.get(`upstream:next:a${perSecond}`));
		expect(granted).toBeGreaterThanOrEqual(Math.floor(perSecond * 0.9));
		// Each moves the next one on by a gap, and more than the allowed number of gaps make a second.
		const gap = (next - start) / granted;
		expect(gap * perSecond).toBeGreaterThan(1_000);
		expect(failures).toEqual([]);
	});

	test('whoever comes too early learns when to come again', async () => {
		const limits = await openProcess();
		const asked = await Promise.all(Array.from({ length: 9 }, () => limits.reserve('busy', 2)));
		const refused = asked.filter((one) => 'againInMs' in one);
		expect(refused.length).toBeGreaterThan(0);
		for (const one of refused) expect(one).toMatchObject({ againInMs: expect.any(Number) });
	});

	test('one account does not wait for another', async () => {
		const limits = await openProcess();
		await limits.holdBack('first', 60_000);
		expect(await limits.reserve('first', 5)).toHaveProperty('againInMs');
		expect(await limits.reserve('second', 5)).toHaveProperty('inMs');
	});

	test('an upstream that asks for patience holds back every process, and the longest asked for counts', async () => {
		const [one, other] = await Promise.all([openProcess(), openProcess()]);
		await one.holdBack('slow', 3_600_000);
		await other.holdBack('slow', 1_000);
		const answer = await other.reserve('slow', 5);
		expect('againInMs' in answer && answer.againInMs).toBeGreaterThan(3_000_000);
	});
});

test('the first calls of a process may come all at once, with others between them', async () => {
	for (let round = 0; round < 10; round += 1) {
		const limits = await openProcess();
		const asked = Array.from({ length: 40 }, (_, index) => [
			limits.suspensions(['key']),
			limits.countToday('first', 1_000_000 + round),
			limits.reserve('first', 1_000 + (index % 2)),
		]);
		await Promise.all(asked.flat());
	}
	expect(failures).toEqual([]);
});

test('a Redis that has lost its scripts gets them again, however many ask at once', async () => {
	const limits = await openProcess();
	for (let round = 0; round < 20; round += 1) {
		await redis.script('FLUSH');
		const asked = Array.from({ length: 40 }, () => [
			limits.reserve('flushed', 1_000),
			limits.countToday('flushed', 1_000_000),
			limits.suspensions(['flushed']),
		]);
		await Promise.all(asked.flat());
	}
	expect(failures).toEqual([]);
});

test('the calls of a day are counted over all processes', async () => {
	const [one, other] = await Promise.all([openProcess(), openProcess()]);
	const counted = [];
	for (let call = 0; call < 7; call += 1) {
		counted.push(await (call % 2 === 0 ? one : other).countToday('day', 5));
	}
	expect(counted).toEqual([true, true, true, true, true, false, false]);
});

test('what is suspended is known to every process until its time is over', async () => {
	const [one, other] = await Promise.all([openProcess(), openProcess()]);
	await one.suspend('key', { state: 'refused', forMs: 3_600_000 });
	await one.suspend('account', { state: 'parked', forMs: 3_600_000 });
	expect(await other.suspensions(['account', 'unknown', 'key'])).toEqual([
		{ state: 'parked', forMs: expect.any(Number) },
		null,
		{ state: 'refused', forMs: expect.any(Number) },
	]);
	await redis.del('upstream:rests:key');
	expect(await other.suspensions(['key'])).toEqual([null]);
});

test('without Redis a process keeps to its share, and to what it knows', async () => {
	const limits = await openProcess();
	await limits.suspend('account', { state: 'parked', forMs: 3_600_000 });
	await service.stop();
	const slow = 0.01;
	expect(await limits.reserve('alone', slow)).toHaveProperty('inMs');
	// One of two processes: a call in twice the time.
	const answer = await limits.reserve('alone', slow);
	expect('againInMs' in answer && answer.againInMs).toBeGreaterThan(102_500);
	expect(await limits.suspensions(['account', 'other'])).toEqual([
		{ state: 'parked', forMs: expect.any(Number) },
		null,
	]);
	expect(await limits.countToday('alone', 1)).toBe(true);
	await limits.holdBack('held', 3_600_000);
	const held = await limits.reserve('held', 1);
	expect('againInMs' in held && held.againInMs).toBeGreaterThan(3_000_000);
	expect(failures.length).toBeGreaterThan(0);
});
