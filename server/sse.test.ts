import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSchema, createYoga } from 'graphql-yoga';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseAddress } from '../domain/address.ts';
import { createFollow } from '../domain/follow.ts';
import type { Emit } from '../domain/telemetry.ts';
import { createSse, type SseTransport } from './sse.ts';

const silent: Emit = () => {};
const key = { chainId: 1, address: parseAddress(`0x${'1'.repeat(40)}`) };

let open = 0;
let asked = Promise.withResolvers<void>();
let answer = Promise.withResolvers<null>();
let left = Promise.withResolvers<void>();

const store = {
	readEvents: async () => [],
	async readNewestEvent() {
		asked.resolve();
		return answer.promise;
	},
};
const feed = {
	async publish() {},
	attach: () => ({ attached: Promise.resolve(), detach() {} }),
};
const cache = { async drop() {} };
const follow = createFollow({ store, feed, cache, emit: silent, pollMs: 1e6, attachMs: 1e6 });
const onlooker = {
	opened() {
		open += 1;
		return () => {
			open -= 1;
		};
	},
};
const deliveries = { event() {}, took() {} };
const sse = createSse({ follow, store, onlooker, deliveries, pingMs: 1e6, deadMs: 1e6 });
const yoga = createYoga<SseTransport>({
	logging: false,
	plugins: [sse.plugin],
	schema: createSchema<SseTransport>({
		typeDefs: 'type Query { a: Int } type Subscription { version: Int }',
		resolvers: {
			Subscription: {
				version: { subscribe: (_, __, context) => context.follow.one(key, null), resolve: () => 1 },
			},
		},
	}),
});
const server = createServer(async (incoming, response) => {
	response.once('close', () => left.resolve());
	await yoga(incoming, response, sse.transport(incoming, response, { note() {} }));
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
	expect(open).toBe(0);
});

test('a client that leaves before its stream begins leaves no subscription behind', async () => {
	const headers = { accept: 'text/event-stream', 'last-event-id': '3' };
	const leaving = request(url(), { headers });
	leaving.on('error', () => {});
	leaving.end();
	await asked.promise;
	expect(open).toBe(1);
	leaving.destroy();
	await left.promise;
	answer.resolve(null);
	while (open > 0) await sleep(20);
});
