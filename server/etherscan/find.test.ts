import { expect, test } from 'vitest';
import type { Contract, StatusEvent } from '../../domain/contract.ts';
import type { EventStream, Follow } from '../../domain/follow.ts';
import { stoppable } from '../../domain/stoppable.ts';
import { pause } from '../../domain/wait.ts';
import { stored } from '../downloads-fixture.ts';
import { waitUntilSettled } from './find.ts';

const dayMs = 86_400_000;
const contract: Contract = { ...stored, status: 'CREATED', version: 1, source: null };
const event: StatusEvent = {
	...stored,
	version: 2,
	status: 'PROCESS',
	attempt: 1,
	error: null,
	nextAttemptAt: null,
	at: new Date(0),
};

/** Gives these events and then none for a day, and counts what is open. */
function streaming(events: readonly StatusEvent[]) {
	const asked: (number | null)[] = [];
	const opened = Promise.withResolvers<void>();
	let open = 0;
	function one(_: unknown, afterVersion: number | null): EventStream {
		asked.push(afterVersion);
		return stoppable(async function* (stop) {
			open += 1;
			opened.resolve();
			stop.addEventListener('abort', () => {
				open -= 1;
			});
			yield* events;
			await pause(dayMs, stop);
		});
	}
	const follow: Follow = { one, many: () => one(null, null) };
	return { follow, asked, opened: opened.promise, open: () => open };
}

const { signal } = new AbortController();

test.each(['SUCCESS', 'ERROR'] as const)('%s ends the wait and the stream', async (status) => {
	const { follow, asked, open } = streaming([event, { ...event, version: 3, status }]);
	await waitUntilSettled({ follow, waitMs: dayMs }, contract, signal);
	expect([asked, open()]).toEqual([[1], 0]);
});

test('an attempt that is put off past the wait ends it', async () => {
	const nextAttemptAt = new Date(Date.now() + 2 * dayMs);
	const { follow, open } = streaming([{ ...event, nextAttemptAt }]);
	await waitUntilSettled({ follow, waitMs: dayMs }, contract, signal);
	expect(open()).toBe(0);
	const { follow: unused, asked } = streaming([]);
	await waitUntilSettled({ follow: unused, waitMs: dayMs }, { ...contract, nextAttemptAt }, signal);
	expect(asked).toEqual([]);
});

test('a client that leaves ends the wait and the stream, and one that has left begins none', async () => {
	const { follow, asked, opened, open } = streaming([event]);
	const left = new AbortController();
	const waiting = waitUntilSettled({ follow, waitMs: dayMs }, contract, left.signal);
	await opened;
	left.abort();
	await waiting;
	expect(open()).toBe(0);
	await waitUntilSettled({ follow, waitMs: dayMs }, contract, left.signal);
	expect(asked).toHaveLength(1);
});

test('the wait ends by itself', async () => {
	const { follow, open } = streaming([event]);
	await waitUntilSettled({ follow, waitMs: 1 }, contract, signal);
	expect(open()).toBe(0);
});
