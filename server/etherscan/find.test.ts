import { expect, test } from 'vitest';
import type { Contract, StatusEvent } from '../../domain/contract.ts';
import type { FollowContext } from '../../domain/follow.ts';
import { stored } from '../../test/harness/downloads.ts';
import { noReads } from '../../test/harness/reads.ts';
import { noRounds } from '../../test/harness/rounds.ts';
import { ClientStreams, newStreams } from '../subscription.ts';
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

/** A database that has these events and then none for a day, with account of what is read and followed. */
function storing(events: readonly StatusEvent[]) {
	const asked: number[] = [];
	const opened = Promise.withResolvers<void>();
	let attached = 0;
	const context: FollowContext = {
		store: {
			async readEvents(_, after) {
				asked.push(after);
				opened.resolve();
				return events.filter(({ version }) => version > after);
			},
			readNewestEvent: async () => null,
		},
		feed: {
			attach() {
				attached += 1;
				return {
					attached: Promise.resolve(),
					detach() {
						attached = 0;
					},
				};
			},
		},
		cache: { async drop() {} },
		reads: noReads,
		emit() {},
		rounds: noRounds(),
		pollMs: dayMs,
		attachMs: dayMs,
	};
	const streams = newStreams('This server', 9, 9);
	const open = () => [attached, streams.open.size, streams.contracts];
	return {
		context: { ...context, streams, followers: new ClientStreams(9) },
		asked,
		opened: opened.promise,
		open,
	};
}

const none = [0, 0, 0];
const waiter = { client: { name: 'a' }, left: new AbortController().signal };

test.each(['SUCCESS', 'ERROR'] as const)('%s ends the wait and the stream', async (status) => {
	const { context, asked, open } = storing([event, { ...event, version: 3, status }]);
	await waitUntilSettled({ ...context, waitMs: dayMs }, contract, waiter);
	expect([asked, open()]).toEqual([[1], none]);
});

test('an attempt that is put off past the wait ends it', async () => {
	const nextAttemptAt = new Date(Date.now() + 2 * dayMs);
	const { context, open } = storing([{ ...event, nextAttemptAt }]);
	await waitUntilSettled({ ...context, waitMs: dayMs }, contract, waiter);
	expect(open()).toEqual(none);
	const { context: unused, asked } = storing([]);
	await waitUntilSettled({ ...unused, waitMs: dayMs }, { ...contract, nextAttemptAt }, waiter);
	expect(asked).toEqual([]);
});

test('a client that leaves ends the wait and the stream, and one that has left begins none', async () => {
	const { context, asked, opened, open } = storing([event]);
	const left = new AbortController();
	const waiting = waitUntilSettled({ ...context, waitMs: dayMs }, contract, {
		...waiter,
		left: left.signal,
	});
	await opened;
	left.abort();
	await waiting;
	expect(open()).toEqual(none);
	await waitUntilSettled({ ...context, waitMs: dayMs }, contract, {
		...waiter,
		left: left.signal,
	});
	expect(asked).toHaveLength(1);
});

test('the wait ends by itself', async () => {
	const { context, open } = storing([event]);
	await waitUntilSettled({ ...context, waitMs: 1 }, contract, waiter);
	expect(open()).toEqual(none);
});
