import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Emulator } from '../bench/emulator/emulator.ts';
import { type Address, parseAddress } from '../domain/address.ts';
import { startRedis } from '../ops/services/redis.ts';
import { rejection } from '../test/harness/http-server.ts';
import { addresses, type Options, openUpstream } from '../test/harness/upstream.ts';

const stack = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'verifeed-upstream-'));
stack.defer(() => rm(folder, { recursive: true, force: true }));
const service = await startRedis(folder);
stack.defer(() => service.stop());
const redis = new Redis(service.url);
stack.defer(() => redis.disconnect());
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
	await redis.flushall();
});

const [first, second, third] = addresses as [Address, Address, Address];
const open = (options?: Options) => openUpstream(redis, options);
const calls = (emulator: Emulator) => emulator.total;

describe('a key that is refused', () => {
	test('gives its turn to another, in the same download, and is not used again', async () => {
		await using upstream = await open({
			keys: ['a:bad', 'a:good'],
			emulator: { keys: ['good'] },
		});
		expect(await upstream.fetch(first)).toHaveProperty('description.name', 'T');
		expect(await upstream.fetch(second)).toHaveProperty('description.name', 'T');
		expect(calls(upstream.emulator)).toBe(3);
		expect(upstream.seen).toEqual([expect.stringMatching(/^etherscan:a:[0-9a-f]{12} refused$/)]);
	});

	test('and is the only one leaves no call to be made', async () => {
		await using upstream = await open({ keys: ['a:bad'], emulator: { keys: ['good'] } });
		const refused = { code: 'INVALID_API_KEY', followUp: { kind: 'back-off' }, retryable: true };
		expect(await rejection(upstream.fetch(first))).toMatchObject(refused);
		expect(await rejection(upstream.fetch(second))).toMatchObject(refused);
		expect(calls(upstream.emulator)).toBe(1);
		// The second download waits without a turn.
		expect(upstream.turnsTaken()).toBe(1);
	});

	test('after it has worked is suspended for a minute only', async () => {
		await using upstream = await open({ keys: ['a:one'] });
		await upstream.fetch(first);
		upstream.emulator.inject(1, second, 'invalid-key');
		await rejection(upstream.fetch(second));
		const [name = ''] = await redis.keys('upstream:rests:*');
		expect(await redis.pttl(name)).toBeLessThanOrEqual(60_000);
	});
});

describe('a quota that is spent', () => {
	test('parks the account, and another account goes on', async () => {
		await using upstream = await open({ keys: ['a:one', 'b:two'] });
		upstream.emulator.inject(1, first, 'daily-quota');
		expect(await upstream.fetch(first)).toHaveProperty('description.name', 'T');
		expect(await upstream.fetch(second)).toHaveProperty('description.name', 'T');
		expect(calls(upstream.emulator)).toBe(3);
		expect(upstream.seen).toHaveLength(1);
		expect(upstream.seen[0]).toMatch(/^etherscan:[ab] parked$/);
	});

	test('everywhere makes downloads wait for its reset, without a turn', async () => {
		await using upstream = await open({ keys: ['a:one'] });
		upstream.emulator.inject(1, first, 'daily-quota');
		expect(await rejection(upstream.fetch(first))).toMatchObject({ code: 'QUOTA_EXHAUSTED' });
		const error = await rejection(upstream.fetch(second));
		expect(error).toMatchObject({ code: 'QUOTA_EXHAUSTED', followUp: { kind: 'wait' } });
		// An honest time: until the reset, which is a minute away at least.
		expect(error).toHaveProperty('followUp.atLeastMs', expect.any(Number));
		expect(calls(upstream.emulator)).toBe(1);
	});

	test('by our own count is not tried out at the upstream', async () => {
		await using upstream = await open({ keys: ['a:one'], perDay: 2 });
		await upstream.fetch(first);
		await upstream.fetch(second);
		expect(await rejection(upstream.fetch(third))).toMatchObject({ code: 'QUOTA_EXHAUSTED' });
		expect(calls(upstream.emulator)).toBe(2);
	});

	test('is not spent by a slot that was missed', async () => {
		await using upstream = await open({ keys: ['a:one'], perDay: 2 });
		for (const address of [first, second]) {
			expect(await upstream.fetch(address, { lateMs: 100 })).toHaveProperty(
				'description.name',
				'T',
			);
		}
		expect(calls(upstream.emulator)).toBe(2);
	});
});

test('a rate-limit answer holds everybody back', async () => {
	await using upstream = await open();
	upstream.emulator.inject(1, first, {
		status: 429,
		headers: { 'retry-after': '3000' },
		body: '',
	});
	expect(await rejection(upstream.fetch(first))).toMatchObject({ followUp: { kind: 'wait' } });
	const error = await rejection(upstream.fetch(second));
	// Whoever has to wait for so long asks the next upstream.
	expect(error).toMatchObject({ class: 'RATE_LIMIT', followUp: { kind: 'wait' } });
	expect(calls(upstream.emulator)).toBe(1);
	expect(upstream.turnsTaken()).toBe(1);
});

test('an address that meets a limit by itself, while others pass, holds nobody back', async () => {
	await using upstream = await open();
	const limit = { status: 429, headers: { 'retry-after': '1' }, body: '' };
	upstream.emulator.inject(1, first, [limit, { ...limit, headers: { 'retry-after': '3000' } }]);
	await rejection(upstream.fetch(first));
	await upstream.fetch(second);
	await rejection(upstream.fetch(first));
	expect((await upstream.fetch(second))?.description.name).toBe('T');
});

describe('the breaker', () => {
	test('leaves an upstream that keeps failing alone, and says so without a call', async () => {
		await using upstream = await open();
		for (const address of addresses.slice(0, 3)) {
			upstream.emulator.inject(1, address, 'http-502');
			await rejection(upstream.fetch(address));
		}
		const error = await rejection(upstream.fetch(first));
		expect(error).toMatchObject({ class: 'PAUSED', followUp: { kind: 'back-off' } });
		expect(calls(upstream.emulator)).toBe(3);
		expect(upstream.seen).toEqual(['open']);
	});

	test('lets one call try after a pause, and closes when it succeeds', async () => {
		await using upstream = await open({ breakerMs: 1 });
		for (const address of addresses.slice(0, 3)) {
			upstream.emulator.inject(1, address, 'http-502');
			await rejection(upstream.fetch(address));
		}
		// Whether the millisecond has passed is seen by asking.
		let found = null;
		while (!found) found = await upstream.fetch(first).catch(() => null);
		expect(upstream.seen).toEqual(['open', 'half-open', 'closed']);
	});

	test('keeps all others away while one call tries, and after it', async () => {
		await using upstream = await open({ breakerMs: 1 });
		for (const address of addresses.slice(0, 3)) {
			upstream.emulator.inject(1, address, 'http-502');
			await rejection(upstream.fetch(address));
		}
		const held = upstream.emulator.hold(1, first);
		const tries = (async () => {
			for (;;) {
				const found = await upstream.fetch(first).catch(() => null);
				if (found) return found;
			}
		})();
		await held.arrived;
		const others = await Promise.allSettled(addresses.slice(1).map((one) => upstream.fetch(one)));
		expect(others.every(({ status }) => status === 'rejected')).toBe(true);
		expect(calls(upstream.emulator)).toBe(4);
		held.release();
		expect(await tries).toHaveProperty('description.name', 'T');
		expect(calls(upstream.emulator)).toBe(4);
	});

	test('counts failures one after the other: an answer between them, whatever it is, is health', async () => {
		await using upstream = await open();
		const nobody = parseAddress(`0x${'a'.repeat(40)}`);
		for (const address of addresses.slice(0, 6)) {
			upstream.emulator.inject(1, address, 'http-502');
			await rejection(upstream.fetch(address));
			expect(await rejection(upstream.fetch(nobody))).toMatchObject({ class: 'UNVERIFIED' });
		}
		expect(upstream.seen).toEqual([]);
	});

	test.each(['daily-quota', 'invalid-key', 'plan', 'rate-limit', 'unknown'] as const)(
		'does not count %s',
		async (fault) => {
			await using upstream = await open({
				keys: ['a:1', 'b:2', 'c:3', 'd:4', 'e:5', 'f:6'],
			});
			for (const address of addresses.slice(0, 4)) {
				upstream.emulator.inject(1, address, fault);
				await upstream.fetch(address).catch(() => {});
			}
			expect(upstream.seen).not.toContain('open');
		},
	);
});

test('a job that is somebody else’s by now costs no call, and no turn of the others', async () => {
	await using upstream = await open({ perSecond: 2 });
	const [gone, found] = await Promise.all([
		upstream.fetch(first, { mine: false }),
		upstream.fetch(second),
	]);
	expect(gone).toBeNull();
	expect(found).toHaveProperty('description.name', 'T');
	expect(upstream.emulator.calls(1, first)).toBe(0);
});

describe('a contract whose verified twin is named instead of a source', () => {
	test('gets the source of the twin, which costs a turn of its own', async () => {
		await using upstream = await open();
		upstream.emulator.put(1, first, { SourceCode: '', ContractName: '', SimilarMatch: second });
		upstream.emulator.put(1, second, {
			SourceCode: 'contract Twin {}',
			ContractName: 'Twin',
			ConstructorArguments: 'ff',
			Implementation: third,
		});
		const found = await upstream.fetch(first);
		expect(found?.description).toMatchObject({
			name: 'Twin',
			similarMatch: second,
			match: 'UNKNOWN',
			constructorArguments: '0x',
			implementations: [],
		});
		expect(upstream.turnsTaken()).toBe(2);
		expect(calls(upstream.emulator)).toBe(2);
	});

	test('keeps where it leads itself as a proxy, whether the twin has a source or not', async () => {
		await using upstream = await open();
		const proxy = { SourceCode: '', ContractName: '', Implementation: third };
		upstream.emulator.put(1, first, { ...proxy, SimilarMatch: second });
		const found = await upstream.fetch(first);
		expect(found?.description).toMatchObject({ similarMatch: second, implementations: [third] });
		const nobody = parseAddress(`0x${'a'.repeat(40)}`);
		upstream.emulator.put(1, second, { ...proxy, SimilarMatch: nobody });
		expect(await rejection(upstream.fetch(second))).toMatchObject({
			...{ code: 'NOT_VERIFIED', proxy: { kind: null, implementations: [third] } },
		});
	});

	test('is not verified where the twin is none, or names another', async () => {
		await using upstream = await open();
		const nobody = parseAddress(`0x${'a'.repeat(40)}`);
		upstream.emulator.put(1, first, { SourceCode: '', SimilarMatch: nobody });
		upstream.emulator.put(1, second, { SourceCode: '', SimilarMatch: first });
		for (const address of [first, second]) {
			expect(await rejection(upstream.fetch(address))).toMatchObject({ code: 'NOT_VERIFIED' });
		}
		expect(calls(upstream.emulator)).toBe(4);
	});
});
