import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep, setInterval as ticksOf } from 'node:timers/promises';
import { createSchema, createYoga } from 'graphql-yoga';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseAddress } from '../domain/address.ts';
import type { FollowContext } from '../domain/follow.ts';
import { noReads } from '../test/harness/reads.ts';
import { noRounds } from '../test/harness/rounds.ts';
import { createPings, createSse, createSseBody, type SseBody, type SseTransport } from './sse.ts';
import { ClientStreams, newStreams, Subscription } from './subscription.ts';

const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };
const never = 1_000_000;

const streams = newStreams('This server', 9, 9);
let asked = Promise.withResolvers<void>();
let answer = Promise.withResolvers<null>();
let left = Promise.withResolvers<void>();

const context: FollowContext = {
	store: {
		readEvents: async () => [],
		async readNewestEvent() {
			asked.resolve();
			return answer.promise;
		},
	},
	feed: { attach: () => ({ attached: Promise.resolve(), detach() {} }) },
	cache: { async drop() {} },
	reads: noReads,
	emit() {},
	rounds: noRounds(),
	pollMs: never,
	attachMs: never,
};
const sse = createSse({ pingMs: never, deadMs: never });
const yoga = createYoga<SseTransport>({
	logging: false,
	plugins: [sse.plugin],
	schema: createSchema<SseTransport>({
		typeDefs: 'type Query { a: Int } type Subscription { version: Int }',
		resolvers: {
			Subscription: {
				version: {
					subscribe: (_, __, { subscription }) => subscription.follow(key, null),
					resolve: () => 1,
				},
			},
		},
	}),
});
const server = createServer(async (incoming, response) => {
	response.once('close', () => left.resolve());
	const subscription = new Subscription(context, {
		transport: 'sse',
		operation: { note() {} },
		streams: [streams],
		...{ followers: new ClientStreams(9), client: 'a' },
		lastEventId: incoming.headers['last-event-id']?.toString(),
	});
	await yoga(incoming, response, { response, subscription });
});

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
beforeEach(() => {
	asked = Promise.withResolvers();
	answer = Promise.withResolvers();
	left = Promise.withResolvers();
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

const url = () =>
	`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql?query=subscription{version}`;

test('a client that takes no event stream leaves no subscription behind', async () => {
	const response = await fetch(url(), { headers: { accept: 'application/json' } });
	expect(response.status).toBe(406);
	await left.promise;
	expect(streams.open.size).toBe(0);
});

test('a client that leaves before its stream begins leaves no subscription behind', async () => {
	const headers = { accept: 'text/event-stream', 'last-event-id': '3' };
	const leaving = request(url(), { headers });
	leaving.on('error', () => {});
	leaving.end();
	await asked.promise;
	expect(streams.open.size).toBe(1);
	leaving.destroy();
	await left.promise;
	answer.resolve(null);
	while (streams.open.size > 0) await sleep(20);
});

/** Results without end, or so many. */
function source(count = Infinity) {
	let pulled = 0;
	const results = {
		[Symbol.asyncIterator]() {
			return this;
		},
		async next() {
			if (pulled === count) return { done: true, value: undefined } as const;
			pulled += 1;
			return { done: false, value: { data: { n: pulled } } } as const;
		},
	};
	return { results, pulled: () => pulled };
}

function openBody(results: AsyncIterable<object>, pingMs = never): SseBody {
	return createSseBody(results, { id: null, sent() {} }, createPings(pingMs), () => {});
}

/** Takes one chunk at a time, when the test says so. */
function slowWriter() {
	let chunks = 0;
	let release = () => {};
	const writable = new Writable({
		highWaterMark: 1,
		write(_chunk, _encoding, done) {
			chunks += 1;
			release = done;
		},
	});
	return { writable, chunks: () => chunks, take: () => release() };
}

async function turns(): Promise<void> {
	for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

test('asks for no result before the one before has gone', async () => {
	const { results, pulled } = source();
	const { writable, chunks, take } = slowWriter();
	const body = openBody(results);
	body.readable.pipe(writable);
	for (let taken = 0; taken < 50; taken += 1) {
		await turns();
		expect(pulled()).toBeLessThanOrEqual(chunks() + 1);
		take();
	}
	expect(pulled()).toBeGreaterThan(40);
	body.readable.destroy();
});

test('pings are not piled up for one who takes nothing', async () => {
	const { results } = source();
	const { writable } = slowWriter();
	const body = openBody(results, 1);
	body.readable.pipe(writable);
	await turns();
	const waiting = body.readable.readableLength;
	// Timers of one length fire in turn: so often it was time for a ping.
	let ticks = 0;
	for await (const _ of ticksOf(1)) if (++ticks === 10) break;
	expect(body.readable.readableLength).toBeLessThanOrEqual(waiting + 3);
	body.readable.destroy();
});

test('completes what has ended, and does not complete what is cut', async () => {
	const whole = await text(openBody(source(2).results).readable);
	expect(whole).toBe(
		':\n\nevent: next\ndata: {"data":{"n":1}}\n\nevent: next\ndata: {"data":{"n":2}}\n\nevent: complete\ndata:\n\n',
	);
	const body = openBody({
		[Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
	});
	const rest = text(body.readable);
	await turns();
	body.cut(': bye\n\n');
	expect(await rest).toBe(':\n\n: bye\n\n');
});

test('ends without completing where the results fail', async () => {
	const body = openBody({
		[Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }),
	});
	expect(await text(body.readable)).toBe(':\n\n');
});
