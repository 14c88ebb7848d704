import { connect, type Socket } from 'node:net';
import { createClient } from 'graphql-sse';
import { describe, expect } from 'vitest';
import WebSocket from 'ws';
import { watchOne } from './harness/client.ts';
import { systemTest } from './harness/fixture.ts';
import { untilMetric } from './harness/metrics.ts';
import type { ServerProcess } from './harness/system.ts';

const test = systemTest();

interface Closing {
	code: number;
	reason: string;
	/** Which of them it was in the order in which they closed. */
	place: number;
}

let places = 0;

async function openSocket(url: string): Promise<{ closed: Promise<Closing> }> {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
	const closed = new Promise<Closing>((resolve) =>
		socket.on('close', (code, reason) =>
			resolve({ code, reason: String(reason), place: places++ }),
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
		'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
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

describe('a server that stops with thirty WebSockets and two SSE streams open', () => {
	let exit: number | null;
	let closings: Closing[];
	let cut: string;
	let failure: unknown;

	test.beforeAll(async ({ system, writer }) => {
		const server = await system.server();
		const sockets = await Promise.all(Array.from({ length: 30 }, () => openSocket(server.url)));
		const key = writer.fresh();
		await writer.change(key, 2);
		const stream = await readEvents(server, key.address);
		const client = createClient({ url: `${server.url}/graphql`, retryAttempts: 0 });
		const { address } = writer.fresh();
		const next = client.iterate({ query: watchOne, variables: { address } }).next();
		const failed = next.catch((error: unknown) => error);
		await untilMetric(server, 'graphql_subscriptions_active', 2);
		await untilMetric(server, 'websocket_connections', 30);
		exit = await server.stop();
		closings = await Promise.all(sockets.map(({ closed }) => closed));
		cut = await stream.text();
		failure = await failed;
	});

	test('exits with 0', () => {
		expect(exit).toBe(0);
	});

	test('closes WebSockets with 1001 and a hint, each at its own moment', () => {
		const hint = 'The server stops; connect again, with afterVersion to miss nothing.';
		expect(closings.map(({ code, reason }) => `${code} ${reason}`)).toEqual(
			closings.map(() => `1001 ${hint}`),
		);
		// Not in the order in which they opened, as they would all at once.
		const order = closings.map(({ place }) => place);
		expect(order).not.toEqual(order.toSorted((a, b) => a - b));
	});

	test('cuts an SSE stream with a hint, and does not complete it', () => {
		expect(cut).toMatch(/: The server stops;.*Last-Event-ID.*\nretry: \d+\n\n$/);
		expect(cut).toContain('data: {"data":{"contractStatus":{"version":2}}}');
		expect(cut).not.toContain('complete');
	});

	test('lets graphql-sse know that it was not the end', () => {
		expect(String(failure)).toContain('Connection closed while having active streams');
	});
});

test('while it stops it says so to balancers, refuses who is new, and does not wait for the mute', async ({
	system,
}) => {
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
