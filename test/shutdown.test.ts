import { connect, type Socket } from 'node:net';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { watchOne } from './harness/client.ts';
import { untilMetric } from './harness/metrics.ts';
import { openSystem, type ServerProcess, type System } from './harness/system.ts';
import { openWriter, type Writer } from './harness/writer.ts';

let system: System;
let writer: Writer;

beforeAll(async () => {
	system = await openSystem();
	writer = await openWriter(system);
});
afterAll(async () => {
	await writer[Symbol.asyncDispose]();
	await system[Symbol.asyncDispose]();
});

interface Closing {
	code: number;
	reason: string;
	at: number;
}

async function openSocket(url: string): Promise<{ closed: Promise<Closing> }> {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
	const closed = new Promise<Closing>((resolve) =>
		socket.on('close', (code, reason) =>
			resolve({ code, reason: String(reason), at: performance.now() }),
		),
	);
	await new Promise((resolve) => socket.once('open', resolve));
	socket.send('{"type":"connection_init"}');
	return { closed };
}

/** Upgrades to WebSocket, and never answers again. */
async function openMute(server: ServerProcess): Promise<Socket> {
	const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
	socket.on('error', () => {});
	socket.write(
		'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
	);
	await new Promise((resolve) => socket.once('data', resolve));
	return socket;
}

function readEvents(server: ServerProcess, address: string): Promise<Response> {
	const query = encodeURIComponent(
		`subscription { contractStatus(address: "${address}", afterVersion: 0) { version } }`,
	);
	return fetch(`${server.url}/graphql?query=${query}`, {
		headers: { accept: 'text/event-stream' },
	});
}

test('WebSockets are closed with 1001 and a hint, spread over a moment, and the exit is 0', async () => {
	const server = await system.server();
	const sockets = await Promise.all(Array.from({ length: 30 }, () => openSocket(server.url)));
	await untilMetric(server, 'websocket_connections', 30);
	expect(await server.stop()).toBe(0);
	const closings = await Promise.all(sockets.map(({ closed }) => closed));
	const hint = 'The server stops; connect again, with afterVersion to miss nothing.';
	expect(closings.map(({ code, reason }) => `${code} ${reason}`)).toEqual(
		closings.map(() => `1001 ${hint}`),
	);
	// Each had its own moment: they did not all come in one or two bunches.
	expect(new Set(closings.map(({ at }) => Math.round(at / 10))).size).toBeGreaterThan(5);
});

test('an SSE stream is cut with a hint and without `complete`, a finished one completes', async () => {
	const server = await system.server();
	const open = writer.fresh();
	await writer.change(open, 2);
	const cut = await readEvents(server, open.address);
	await untilMetric(server, 'graphql_subscriptions_active', 1);
	const finished = writer.fresh();
	await writer.change(finished, 2);
	await writer.finish(finished);
	expect(await (await readEvents(server, finished.address)).text()).toMatch(
		/event: complete\ndata:\n\n$/,
	);
	expect(await server.stop()).toBe(0);
	const text = await cut.text();
	expect(text).toMatch(/: The server stops;.*Last-Event-ID.*\nretry: \d+\n\n$/);
	expect(text).toContain('data: {"data":{"contractStatus":{"version":2}}}');
	expect(text).not.toContain('complete');
});

test('graphql-sse takes the cut for what it is, and not for the end', async () => {
	const server = await system.server();
	const client = createClient({ url: `${server.url}/graphql`, retryAttempts: 0 });
	const { address } = writer.fresh();
	const results = client.iterate({ query: watchOne, variables: { address } });
	const next = results.next();
	next.catch(() => {});
	await untilMetric(server, 'graphql_subscriptions_active', 1);
	expect(await server.stop()).toBe(0);
	await expect(next).rejects.toThrow('Connection closed while having active streams');
});

test('while it stops it says so to balancers, refuses who is new, and does not wait for the mute', async () => {
	const server = await system.server();
	const { hostname, port } = new URL(server.url);
	const mute = await openMute(server);
	server.signal('SIGTERM');
	let ready: Response;
	do ready = await fetch(`${server.metricsUrl}/readyz`);
	while (ready.status !== 503);
	expect(await ready.json()).toEqual({ status: 'unavailable', down: ['server'] });
	const refused = connect(Number(port), hostname);
	const refusal = await new Promise<Error>((resolve) => refused.once('error', resolve));
	expect(refusal).toMatchObject({ code: 'ECONNREFUSED' });
	expect((await server.exit).code).toBe(0);
	mute.destroy();
});
