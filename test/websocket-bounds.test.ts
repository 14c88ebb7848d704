import { once } from 'node:events';
import { describe, expect } from 'vitest';
import { watchOne } from './harness/client.ts';
import { systemTest } from './harness/fixture.ts';
import { metric, untilMetric } from './harness/metrics.ts';
import { openRaw, subscribe } from './harness/raw-socket.ts';

const mostUnderWay = 3;
const perSecond = 10;

const test = systemTest({ server: { MAX_OPERATIONS_PER_CONNECTION: `${mostUnderWay}` } }).extend(
	'strict',
	{ scope: 'file' },
	({ system }) => system.server({ REQUESTS_PER_SECOND_PER_CLIENT: `${perSecond}` }),
);

/** It is read from the database each time. */
const list = '{ contracts(first: 1) { edges { node { version } } } }';
const many = (count: number, query: string) =>
	Array.from({ length: count }, (_, n) => subscribe(String(n), query));
const ping = { type: 'ping' };

describe('operations of one WebSocket', () => {
	test('are under way to the bound at most: what is said after them waits, in its order', async ({
		server,
	}) => {
		const { socket, heard, say, hear } = await openRaw(server.url);
		await say(...many(10, list), ping);
		await hear(({ type, id }) => type === 'complete' && id === '9');
		const pong = heard.findIndex(({ type }) => type === 'pong');
		const completed = heard.slice(0, pong).filter(({ type }) => type === 'complete');
		expect(completed.length).toBeGreaterThanOrEqual(10 - mostUnderWay);
		socket.close();
	});

	test('are gone with it where they have not begun', async ({ system, server }) => {
		await untilMetric(server, 'websocket_connections', 0);
		const answered = () =>
			metric(server, 'graphql_operation_duration_seconds_count', { type: 'query' });
		const before = await answered();
		const { socket, say } = await openRaw(server.url);
		await system.database.query('lock tables contracts write');
		await say(...many(1_500, list));
		socket.terminate();
		await system.database.query('unlock tables');
		await untilMetric(server, 'websocket_connections', 0);
		expect((await answered()) - before).toBeLessThan(500);
	});

	test('that are open subscriptions do not count', async ({ server, writer }) => {
		const { socket, say, hear } = await openRaw(server.url);
		const keys = Array.from({ length: 4 * mostUnderWay }, () => writer.fresh());
		for (const key of keys) await writer.change(key);
		await say(
			...keys.map(({ address }, n) => subscribe(`s${n}`, watchOne, { address })),
			subscribe('last', list),
		);
		await hear(({ type, id }) => type === 'complete' && id === 'last');
		await untilMetric(server, 'graphql_subscriptions_active', keys.length);
		socket.close();
		await untilMetric(server, 'graphql_subscriptions_active', 0);
	});
});

describe('what counts for the rate of a client', () => {
	test.for<[what: string, message: object]>([
		['pings', ping],
		['pongs', { type: 'pong' }],
		['ends of what is not there', { type: 'complete', id: '1' }],
	])('%s: over it the connection is closed with 1013', async ([_, message], { strict }) => {
		const { say, closed } = await openRaw(strict.url, { localAddress: addressOf() });
		await say(...Array.from({ length: 10 * perSecond }, () => message));
		expect(await closed).toBe(1013);
	});

	test.for(['ping', 'pong'] as const)('%s frames: likewise', async (frame, { strict }) => {
		const { socket, closed } = await openRaw(strict.url, { localAddress: addressOf() });
		// Fewer than a WebSocket of `ws` answers at once.
		for (let count = 0; count < 5 * perSecond; count += 1) socket[frame]();
		expect(await closed).toBe(1013);
	});

	test('operations: over it each is refused by itself, and the connection stays', async ({
		strict,
	}) => {
		const { socket, heard, say, hear } = await openRaw(strict.url, { localAddress: addressOf() });
		await say(...many(10 * perSecond, '{ __typename }'));
		for (let n = 0; n < 10 * perSecond; n += 1) {
			await hear(({ type, id }) => id === String(n) && type !== 'next');
		}
		expect(JSON.stringify(heard)).toMatch('RATE_LIMITED');
		expect(socket.readyState).toBe(socket.OPEN);
		socket.close();
	});
});

/** An address of this machine for each client, so that none has the other's rate. */
let clients = 1;
function addressOf(): string {
	clients += 1;
	return `127.0.0.${clients}`;
}

test('a ping is sent back with its payload; one that is too long closes the connection', async ({
	server,
}) => {
	const { say, hear, closed } = await openRaw(server.url);
	const payload = { text: 'x'.repeat(900) };
	await say({ type: 'ping', payload });
	expect(await hear(({ type }) => type === 'pong')).toEqual({ type: 'pong', payload });
	await say({ type: 'ping', payload: { text: 'x'.repeat(1_024) } });
	expect(await closed).toBe(4400);
});

test('an id that is used again at once never has events of two streams, and leaves none behind', async ({
	system,
	server,
	writer,
}) => {
	const keys = Array.from({ length: 3 }, () => writer.fresh());
	for (const key of keys) await writer.change(key, 150);
	const { socket, heard, say } = await openRaw(server.url);
	const query = `subscription ($address: Address!) {
		contractStatus(address: $address, afterVersion: 0) { version contract { address } }
	}`;
	const begin = (round: number) =>
		subscribe('1', query, { address: keys[round % keys.length]?.address });
	const writing = (async () => {
		for (const key of keys) await writer.change(key, 100);
	})();
	await say(begin(0));
	for (let round = 1; round < 700; round += 1) {
		const seen = heard.length;
		// In the midst of its events, or before there are any.
		const more = round % 3 === 0 ? 1 + (round % 7) : 0;
		while (heard.length < seen + more) await once(socket, 'message');
		await say({ id: '1', type: 'complete' }, begin(round));
	}
	await writing;
	const streams = streamsIn(heard);
	expect(streams.length).toBeGreaterThan(100);
	for (const stream of streams) {
		expect(new Set(stream.map(({ contract }) => contract.address)).size).toBe(1);
		expect(stream.map(({ version }) => version)).toEqual(stream.map((_, index) => index + 1));
	}
	await untilMetric(server, 'graphql_subscriptions_active', 1);
	await untilMetric(server, 'feed_listeners', 1);
	expect(await system.redis.pubsub('CHANNELS')).toHaveLength(1);
	socket.close();
	await untilMetric(server, 'graphql_subscriptions_active', 0);
	await untilMetric(server, 'feed_listeners', 0);
});

interface Event {
	version: number;
	contract: { address: string };
}

/** The events of each stream; the first of a stream names its trace. */
function streamsIn(heard: Awaited<ReturnType<typeof openRaw>>['heard']): Event[][] {
	const streams: Event[][] = [];
	for (const { type, payload } of heard) {
		if (type !== 'next') continue;
		if (payload?.extensions?.traceId) streams.push([]);
		streams.at(-1)?.push(payload?.data?.['contractStatus'] as Event);
	}
	return streams;
}
