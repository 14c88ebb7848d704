import { describe, expect, test } from 'vitest';
import { event, key, world } from '../test/harness/follow-world.ts';
import { parseAddress } from './address.ts';
import type { ContractKey, StatusEvent } from './contract.ts';

async function versions(stream: AsyncIterable<StatusEvent>): Promise<number[]> {
	return (await Array.fromAsync(stream)).map(({ version }) => version);
}

describe('a follower', () => {
	test('who comes late gets the newest event alone and is done', async () => {
		const { one, store, attach, dropped, listeners } = world();
		store(event(1, 'CREATED'), event(2, 'PROCESS'), event(3, 'SUCCESS'));
		attach();
		expect(await versions(one(null))).toEqual([3]);
		expect(dropped).toEqual([3]);
		expect(listeners.size).toBe(0);
	});

	test('who names a version gets every event after it', async () => {
		const { one, store, attach } = world();
		store(event(1, 'CREATED'), event(2, 'PROCESS'), event(3, 'ERROR'));
		attach();
		expect(await versions(one(1))).toEqual([2, 3]);
		expect(await versions(one(0))).toEqual([1, 2, 3]);
	});

	test('gets what was published while the database was read once, and in order', async () => {
		const { one, store, attach, publish } = world();
		store(event(1, 'CREATED'));
		const stream = one(null);
		const first = stream.next();
		store(event(2, 'PROCESS'), event(3, 'SUCCESS'));
		publish(event(3, 'SUCCESS'), event(2, 'PROCESS'));
		attach();
		expect((await first).value).toMatchObject({ version: 3 });
		expect((await stream.next()).done).toBe(true);
	});

	test('gets live events without another read until the last', async () => {
		const { one, store, attach, publish, reads } = world();
		store(event(1, 'CREATED'));
		attach();
		const stream = one(null);
		await stream.next();
		const before = reads();
		const second = stream.next();
		store(event(2, 'PROCESS'));
		publish(event(2, 'PROCESS'));
		expect((await second).value).toMatchObject({ version: 2 });
		expect(reads()).toBe(before);
		const rest = versions(stream);
		store(event(3, 'SUCCESS'));
		publish(event(3, 'SUCCESS'));
		expect(await rest).toEqual([3]);
	});

	test('reads the database when the feed leaves a hole', async () => {
		const { one, store, attach, publish } = world();
		store(event(1, 'CREATED'));
		attach();
		const stream = one(null);
		await stream.next();
		const rest = versions(stream);
		store(event(2, 'PROCESS'), event(3, 'PROCESS'), event(4, 'SUCCESS'));
		publish(event(4, 'SUCCESS'));
		expect(await rest).toEqual([2, 3, 4]);
	});

	test('goes on when a finished contract was submitted again before its end was taken', async () => {
		const { one, store, attach, publish } = world();
		store(event(1, 'PROCESS'));
		attach();
		const stream = one(null);
		await stream.next();
		const next = stream.next();
		store(event(2, 'ERROR'), event(3, 'CREATED'));
		publish(event(2, 'ERROR'));
		expect((await next).value).toMatchObject({ version: 2 });
		const rest = versions(stream);
		store(event(4, 'PROCESS'), event(5, 'SUCCESS'));
		publish(event(4, 'PROCESS'), event(5, 'SUCCESS'));
		expect(await rest).toEqual([3, 4, 5]);
	});

	test('of an address nobody submitted gets every event from the first on', async () => {
		const { one, store, attach, gap } = world();
		attach();
		const all = versions(one(null));
		await Promise.resolve();
		store(event(1, 'CREATED'), event(2, 'PROCESS'), event(3, 'SUCCESS'));
		gap();
		expect((await all).at(-1)).toBe(3);
	});

	test('who has the newest event of a finished contract waits for the next', async () => {
		const { one, store, attach, publish } = world();
		store(event(1, 'CREATED'), event(2, 'ERROR'));
		attach();
		const next = one(2).next();
		store(event(3, 'CREATED'));
		publish(event(3, 'CREATED'));
		expect((await next).value).toMatchObject({ version: 3 });
	});

	test('whose cursor is above all events, as after a restore, goes on from the newest', async () => {
		const { one, store, attach, publish } = world(1);
		store(event(1, 'CREATED'), event(2, 'PROCESS'));
		attach();
		const stream = one(7);
		expect((await stream.next()).value).toMatchObject({ version: 2 });
		const rest = versions(stream);
		store(event(3, 'SUCCESS'));
		publish(event(3, 'SUCCESS'));
		expect(await rest).toEqual([3]);
	});

	test('whose cursor is of a contract that is not there any more gets its new events from the first on', async () => {
		const { one, store, attach } = world(1);
		attach();
		const all = versions(one(7));
		await Promise.resolve();
		store(event(1, 'CREATED'), event(2, 'ERROR'));
		expect((await all).at(-1)).toBe(2);
	});

	test('is not sent back by a database that lags behind the feed once', async () => {
		const { one, store, attach, reads } = world(500);
		store(event(1, 'CREATED'), event(2, 'PROCESS'));
		attach();
		const rest = versions(one(3));
		while (reads() === 0) await new Promise(setImmediate);
		store(event(3, 'PROCESS'), event(4, 'SUCCESS'));
		expect(await rest).toEqual([4]);
	});

	test('who reads slowly misses nothing, though little is kept for them', async () => {
		const { one, store, attach, publish } = world();
		store(event(1, 'CREATED'));
		attach();
		const stream = one(null);
		await stream.next();
		for (let version = 2; version <= 500; version += 1) {
			const next = event(version, version === 500 ? 'SUCCESS' : 'PROCESS');
			store(next);
			publish(next);
		}
		expect(await versions(stream)).toEqual(Array.from({ length: 499 }, (_, index) => index + 2));
	});

	test('goes on after the database was away', async () => {
		const { one, store, attach, breakReads, gap } = world(1);
		store(event(1, 'CREATED'));
		attach();
		const stream = one(null);
		await stream.next();
		breakReads(3);
		const rest = versions(stream);
		store(event(2, 'PROCESS'), event(3, 'SUCCESS'));
		gap();
		expect(await rest).toEqual([2, 3]);
	});

	test('whose event was published to nobody gets it in the next round, and who has missed nothing reads nothing', async () => {
		const { one, store, attach, reads, looks } = world(20);
		store(event(1, 'CREATED'));
		attach();
		const stream = one(null);
		await stream.next();
		const rest = versions(stream);
		while (looks() < 3) await new Promise(setImmediate);
		const before = reads();
		while (looks() < 5) await new Promise(setImmediate);
		expect(reads()).toBe(before);
		store(event(2, 'PROCESS'), event(3, 'SUCCESS'));
		expect(await rest).toEqual([2, 3]);
	});

	test('who leaves while waiting frees the channel at once', async () => {
		const { one, attach, leave, listeners } = world();
		attach();
		const pending = one(null).next();
		expect(listeners.size).toBe(1);
		leave();
		expect(listeners.size).toBe(0);
		expect((await pending).done).toBe(true);
	});

	test('who leaves before the feed has answered is let go as well', async () => {
		const { one, leave, listeners } = world();
		const pending = one(null).next();
		leave();
		expect(listeners.size).toBe(0);
		expect((await pending).done).toBe(true);
	});

	test('who leaves while the database hangs is let go as well', async () => {
		const { one, attach, leave, hang } = world();
		hang();
		attach();
		const pending = one(null).next();
		await new Promise(setImmediate);
		leave();
		expect((await pending).done).toBe(true);
	});

	test('who has left already attaches to nothing', async () => {
		const { one, attach, leave, listeners, reads } = world();
		attach();
		const stream = one(null);
		leave();
		expect((await stream.next()).done).toBe(true);
		expect([listeners.size, reads()]).toEqual([0, 0]);
	});
});

describe('a follower of many', () => {
	const other: ContractKey = { chainId: 1, address: parseAddress(`0x${'2'.repeat(40)}`) };

	test('is done when the last contract is finished', async () => {
		const { many, store, attach, publish } = world();
		store(event(1, 'CREATED'), event(1, 'CREATED', other));
		attach();
		const all = Array.fromAsync(many([key, other]));
		await new Promise(setImmediate);
		store(event(2, 'SUCCESS'));
		publish(event(2, 'SUCCESS'));
		await new Promise(setImmediate);
		store(event(2, 'ERROR', other));
		publish(event(2, 'ERROR', other));
		const seen = (await all).map(({ address, version }) => `${address.slice(0, 3)} ${version}`);
		expect(seen.sort()).toEqual(['0x1 1', '0x1 2', '0x2 1', '0x2 2']);
	});

	test('who leaves frees all channels', async () => {
		const { many, attach, leave, listeners } = world();
		attach();
		const pending = many([key, other]).next();
		expect(listeners.size).toBe(2);
		leave();
		expect(listeners.size).toBe(0);
		expect((await pending).done).toBe(true);
	});
});
