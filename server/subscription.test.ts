import { expect, test } from 'vitest';
import { parseAddress } from '../domain/address.ts';
import type { StatusEvent } from '../domain/contract.ts';
import type { FollowContext } from '../domain/follow.ts';
import type { TelemetryEvent } from '../domain/telemetry.ts';
import { noReads } from '../test/harness/reads.ts';
import { noRounds } from '../test/harness/rounds.ts';
import {
	ClientStreams,
	countStream,
	discountStream,
	endStreams,
	newStreams,
	type Streams,
	Subscription,
} from './subscription.ts';

const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const other = { chainId: 1, address: parseAddress(`0x${'2'.repeat(40)}`) };
const never = 1_000_000;

function event(version: number, status: StatusEvent['status'], at = new Date()): StatusEvent {
	const nothing = { error: null, nextAttemptAt: null, trace: null };
	return { ...key, ...nothing, version, status, attempt: 1, at };
}

/** A subscription to a database that has these events. */
function subscribed(stored: readonly StatusEvent[], lastEventId?: string) {
	const events: TelemetryEvent[] = [];
	const streams = newStreams('This server', 9, 9);
	let attached = 0;
	const context: FollowContext = {
		store: {
			readEvents: async (_, after) => stored.filter(({ version }) => version > after),
			readNewestEvent: async () => stored.at(-1) ?? null,
		},
		feed: {
			attach() {
				attached += 1;
				let open = true;
				return {
					attached: Promise.resolve(),
					detach() {
						if (open) attached -= 1;
						open = false;
					},
				};
			},
		},
		cache: { async drop() {} },
		reads: noReads,
		emit: (each) => void events.push(each),
		rounds: noRounds(),
		pollMs: never,
		attachMs: never,
	};
	const operation = { note() {} };
	const subscription = new Subscription(context, {
		...{ transport: 'sse', operation, streams: [streams] },
		...{ followers: new ClientStreams(9), client: 'a' },
		...(lastEventId === undefined ? {} : { lastEventId }),
	});
	return { subscription, events, streams, attached: () => attached };
}

const opened = { type: 'subscription.opened', field: 'contractStatus', transport: 'sse' };
const closed = { ...opened, type: 'subscription.closed' };
const delivery = (result: string, seconds: unknown = expect.any(Number)) => ({
	...{ type: 'subscription.event', field: 'contractStatus', result, seconds },
});

test('its start, each of its events and its end are reported once', async () => {
	const old = new Date(0);
	const later = new Date(Date.now() + never);
	const { subscription, events, streams } = subscribed([
		event(1, 'CREATED', old),
		event(2, 'PROCESS', later),
		event(3, 'SUCCESS', later),
	]);
	const errors: never[] = [];
	const stream = subscription.follow(key, 0);
	for (const result of [{}, { errors }, {}]) {
		await stream.next();
		subscription.sent(result);
	}
	expect(subscription.id).toBe(3);
	expect((await stream.next()).done).toBe(true);
	expect((await stream.next()).done).toBe(true);
	const sent = [delivery('sent', null), delivery('failed'), delivery('sent')];
	expect(events).toEqual([opened, ...sent, closed]);
	expect([streams.open.size, streams.contracts]).toEqual([0, 0]);
});

test('an event that was not sent before its subscriber left is reported as dropped', async () => {
	const { subscription, events } = subscribed([event(1, 'CREATED')]);
	const stream = subscription.follow(key, null);
	await stream.next();
	await stream.return();
	subscription.sent({});
	expect(events).toEqual([opened, delivery('dropped', null), closed]);
});

test('whoever leaves frees channel and place at once, whatever is waited for', async () => {
	const { subscription, streams, attached, events } = subscribed([]);
	const pending = subscription.follow(key, null).next();
	expect([attached(), streams.open.size]).toEqual([1, 1]);
	const returned = subscription.return();
	expect([attached(), streams.open.size, streams.contracts]).toEqual([0, 0, 0]);
	expect((await pending).done).toBe(true);
	expect((await returned).done).toBe(true);
	expect(events).toEqual([opened, closed]);
});

test('the end of all streams ends each, and one of many contracts frees all of their channels', async () => {
	const { subscription, streams, attached } = subscribed([]);
	const pending = subscription.followMany([key, other]).next();
	expect([attached(), streams.contracts]).toEqual([2, 2]);
	endStreams(streams);
	expect((await pending).done).toBe(true);
	expect([attached(), streams.contracts]).toEqual([0, 0]);
});

test('events of many contracts have no id', async () => {
	const { subscription } = subscribed([event(1, 'SUCCESS')], 'anything');
	const stream = subscription.followMany([key]);
	expect((await stream.next()).value).toMatchObject({ version: 1 });
	expect(subscription.id).toBeNull();
});

test.each([
	['2', null, [3]],
	['1', 2, [3]],
	['2', 1, [3]],
] as const)(
	'Last-Event-ID %s and afterVersion %s: the higher one counts',
	async (id, after, rest) => {
		const stored = [event(1, 'CREATED'), event(2, 'PROCESS'), event(3, 'SUCCESS')];
		const { subscription } = subscribed(stored, id);
		const seen = await Array.fromAsync(subscription.follow(key, after));
		expect(seen.map(({ version }) => version)).toEqual(rest);
		expect(await subscription.hasLastEvent()).toBe(false);
	},
);

test('a client that names the last event of a finished contract has it', async () => {
	const { subscription } = subscribed([event(3, 'SUCCESS')], '3');
	await subscription.follow(key, null).return();
	expect(await subscription.hasLastEvent()).toBe(true);
});

test('an id that is no version opens nothing', () => {
	const { subscription, events, streams } = subscribed([], '1; 2');
	expect(() => subscription.follow(key, null)).toThrow(/Last-Event-ID/);
	expect([events, streams.open.size]).toEqual([[], 0]);
});

test('a stream that is refused anywhere counts nowhere', () => {
	const server: Streams = newStreams('This server', 9, 3);
	const connection = newStreams('A connection', 2, 9);
	const first = { end() {} };
	const count = (contracts: number, stream = { end() {} }) =>
		countStream([connection, server], contracts, stream);
	count(2, first);
	expect(() => count(2)).toThrow(/This server .* 3 contracts/);
	expect([connection.open.size, connection.contracts, server.contracts]).toEqual([1, 2, 2]);
	count(1);
	expect(() => count(0)).toThrow(/A connection .* 2 subscriptions/);
	discountStream([connection, server], 2, first);
	discountStream([connection, server], 2, first);
	expect([connection.open.size, server.open.size, server.contracts]).toEqual([1, 1, 1]);
});
