import { connect } from 'node:net';
import { expect } from 'vitest';
import WebSocket from 'ws';
import { all, watch, watchOne } from './harness/client.ts';
import { systemTest } from './harness/fixture.ts';
import { metric, untilMetric } from './harness/metrics.ts';
import type { System } from './harness/system.ts';

const test = systemTest({ server: { PING_MS: '100', DEAD_PEER_MS: '2000' } });

async function channels(system: System): Promise<number> {
	return ((await system.redis.pubsub('CHANNELS')) as string[]).length;
}

test('a WebSocket that answers no ping is removed with its channel; one that does stays', async ({
	system,
	server,
	writer,
}) => {
	const alive = writer.fresh();
	await writer.change(alive);
	const living = all(
		watch('ws', server.url, watchOne, { address: alive.address, afterVersion: 0 }),
	);
	await untilMetric(server, 'feed_channels', 1);
	const dead = new WebSocket(
		`${server.url.replace('http', 'ws')}/graphql`,
		'graphql-transport-ws',
		{
			autoPong: false,
		},
	);
	const pinged = new Promise((resolve) => dead.once('ping', resolve));
	const closed = new Promise((resolve) => dead.once('close', resolve));
	await new Promise((resolve) => dead.once('open', resolve));
	dead.send('{"type":"connection_init"}');
	await new Promise((resolve) => dead.once('message', resolve));
	const variables = { address: writer.fresh().address };
	dead.send(
		JSON.stringify({ id: '1', type: 'subscribe', payload: { query: watchOne, variables } }),
	);
	await untilMetric(server, 'feed_channels', 2);
	await pinged;
	// 1006: cut, as there is nobody who would answer a closing.
	await closed;
	await untilMetric(server, 'feed_channels', 1);
	expect(await channels(system)).toBe(1);
	await writer.change(alive);
	await writer.finish(alive);
	expect((await living).map(({ version }) => version)).toEqual([1, 2, 3]);
	await untilMetric(server, 'feed_channels', 0);
});

test('an SSE client that takes nothing of what is sent is removed; an idle one is pinged and stays', async ({
	system,
	server,
	writer,
}) => {
	const idle = writer.fresh();
	await writer.change(idle);
	const living = all(
		watch('sse', server.url, watchOne, { address: idle.address, afterVersion: 0 }),
	);
	const key = writer.fresh();
	await writer.change(key);
	// An alias this long makes events that fill what the kernel keeps for a reader.
	const query = `subscription { contractStatus(address: "${key.address}", afterVersion: 0) { ${'x'.repeat(100_000)}: version } }`;
	const body = JSON.stringify({ query });
	const { hostname, port } = new URL(server.url);
	const dead = connect(Number(port), hostname);
	dead.on('error', () => {});
	dead.pause();
	dead.write(
		`POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
	);
	await untilMetric(server, 'feed_channels', 2);
	await writer.change(key, 100);
	await untilMetric(server, 'feed_channels', 1);
	expect(await channels(system)).toBe(1);
	expect(await metric(server, 'graphql_subscriptions_active')).toBe(1);
	dead.destroy();
	await writer.change(idle);
	await writer.finish(idle);
	expect((await living).map(({ version }) => version)).toEqual([1, 2, 3]);
	await untilMetric(server, 'feed_channels', 0);
});
