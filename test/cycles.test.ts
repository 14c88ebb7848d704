import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { watchOne } from './harness/client.ts';
import { inspected, memoryOf } from './harness/memory.ts';
import { metric, untilMetric } from './harness/metrics.ts';
import { openSystem } from './harness/system.ts';
import { openWriter } from './harness/writer.ts';

const cycles = Number(process.env['CYCLES'] ?? 20_000);
const connections = 8;
const megabyte = 1024 * 1024;
/** One in so many comes over SSE, on a connection of its own. */
const sseShare = 10;

test('thousands who subscribe and leave leave no channel, no listener and no memory', {
	timeout: 600_000,
}, async () => {
	await using system = await openSystem();
	await using writer = await openWriter(system);
	const server = await system.server({ ...inspected, REQUESTS_PER_SECOND_PER_CLIENT: '1000000' });
	const known = Array.from({ length: 20 }, () => writer.fresh());
	for (const key of known) await writer.change(key);
	const pick = (cycle: number) => (known[cycle % known.length] ?? writer.fresh()).address;
	const channels = async () => ((await system.redis.pubsub('CHANNELS')) as string[]).length;

	const sockets = await Promise.all(Array.from({ length: connections }, () => connect(server.url)));
	const overSse = async (count: number) => {
		for (let cycle = 0; cycle < count; cycle += 1) {
			await comeAndGo(server.url, pick(cycle), cycle % 2 === 0);
		}
	};
	const run = async (count: number) => {
		const each = Math.ceil((count * (1 - 1 / sseShare)) / connections);
		const runs = sockets.map((socket) => overWebSocket(socket, each, pick));
		await Promise.all([...runs, overSse(count / sseShare)]);
		await untilMetric(server, 'graphql_subscriptions_active', 0);
		await untilMetric(server, 'feed_listeners', 0);
		while ((await channels()) > 0) await sleep(20);
	};

	// What is made once, such as compiled code, is there before it is measured.
	await run(cycles / 5);
	const before = await memoryOf(server);
	await run(cycles);
	expect(await metric(server, 'feed_channels')).toBe(0);
	const after = await memoryOf(server);
	const grown = (after.used - before.used) / megabyte;
	console.log(`${cycles} cycles: ${grown.toFixed(2)} MB more in use than before`);
	expect(grown).toBeLessThan(4);
	for (const socket of sockets) socket.close();
	await untilMetric(server, 'websocket_connections', 0);
});

async function connect(url: string): Promise<WebSocket> {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
	await once(socket, 'open');
	socket.send('{"type":"connection_init"}');
	await once(socket, 'message');
	return socket;
}

/** Most leave at once, in the midst of attaching; one in ten when the first event has come. */
async function overWebSocket(
	socket: WebSocket,
	count: number,
	pick: (cycle: number) => string,
): Promise<void> {
	for (let cycle = 0; cycle < count; cycle += 1) {
		const id = String(cycle);
		const payload = { query: watchOne, variables: { address: pick(cycle) } };
		socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
		if (cycle % 10 === 9 || cycle === count - 1) await eventOf(socket, id);
		else if (cycle % 10 === 4) await new Promise(setImmediate);
		socket.send(JSON.stringify({ id, type: 'complete' }));
	}
}

function eventOf(socket: WebSocket, id: string): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const look = (data: WebSocket.RawData) => {
		if ((JSON.parse(String(data)) as { id: string }).id !== id) return;
		socket.off('message', look);
		resolve();
	};
	socket.on('message', look);
	return promise;
}

/** Leaves once the stream is open, or once its first event has come. */
async function comeAndGo(url: string, address: string, early: boolean): Promise<void> {
	const query = `subscription { contractStatus(address: "${address}") { version } }`;
	const asking = request(`${url}/graphql?${new URLSearchParams({ query })}`, {
		agent: false,
		headers: { accept: 'text/event-stream' },
	}).end();
	const [response] = (await once(asking, 'response')) as [IncomingMessage];
	response.on('error', () => {});
	if (!early) {
		let text = '';
		for await (const chunk of response) {
			text += chunk;
			if (text.includes('event: next')) break;
		}
	}
	asking.destroy();
}
