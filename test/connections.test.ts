import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, type TestContext } from 'vitest';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { randomAddress } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import { metric, untilMetric } from './harness/metrics.ts';
import { openRaw, subscribe } from './harness/raw-socket.ts';

const share = 5;
const followed = 3;

const test = systemTest({
	server: { PING_MS: '100', DEAD_PEER_MS: '2000' },
	worker: {},
})
	.extend('hasty', { scope: 'file' }, ({ system }) =>
		system.server({ REQUEST_TIMEOUT_MS: '500', KEEP_ALIVE_MS: '100' }),
	)
	.extend('shared', { scope: 'file' }, ({ system }) =>
		system.server({
			MAX_CONNECTIONS_PER_CLIENT: `${share}`,
			MAX_FOLLOWED_PER_CLIENT: `${followed}`,
		}),
	)
	.extend('large', { scope: 'file' }, async ({ system, server }) => {
		const address = randomAddress();
		const SourceCode = `contract Large {}\n//${'x'.repeat(7_000_000)}`;
		system.emulator.put(1, address, { SourceCode, ContractName: 'Large', ABI: '[]' });
		await ask(server.url, `mutation { submitContract(address: "${address}") { version } }`);
		await all(watch('ws', server.url, watchOne, { address }));
		return address;
	});

type AtTheEnd = TestContext['onTestFinished'];

async function open(url: string, atTheEnd: AtTheEnd, localAddress = '127.0.0.1'): Promise<Socket> {
	const { hostname, port } = new URL(url);
	const socket = connect({ host: hostname, port: Number(port), localAddress });
	socket.on('error', () => {});
	atTheEnd(() => void socket.destroy());
	await once(socket, 'connect');
	return socket;
}

/** Until it is closed. To one that still speaks, the words that it was closed with may be lost. */
async function heardBy(socket: Socket): Promise<string> {
	let whole = '';
	socket.on('data', (chunk) => {
		whole += chunk;
	});
	// By a reset too, which is an error to one that still speaks.
	await new Promise((resolve) => socket.once('close', resolve));
	return whole;
}

const post = (body: string) =>
	`POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const read = JSON.stringify({ query: '{ contracts(first: 1) { edges { node { version } } } }' });
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const upgrade =
	'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n';

// They take long to start on a machine that has much else to do.
test.beforeAll(({ hasty, shared, large }) => expect([hasty, shared, large]).toHaveLength(3));

describe.concurrent('a connection is closed', () => {
	/** What its client says at first, what it goes on to say a letter at a time, and what it hears. */
	test.for<[what: string, first: string, more: string, heard: RegExp]>([
		['that says nothing', '', '', /^HTTP\/1.1 408 /],
		[
			'that says its headers slowly',
			'GET / HTTP/1.1\r\nHost: localhost\r\nA: ',
			'b',
			/^$|^HTTP\/1.1 408 /,
		],
		[
			'that says its body slowly',
			post(' '.repeat(9_999)).slice(0, -9_998),
			' ',
			/^$|^HTTP\/1.1 408 /,
		],
		['that says half an upgrade', upgrade, '', /^HTTP\/1.1 408 /],
		['that has its answer and asks no more', get('/'), '', /^HTTP\/1.1 200 /],
		[
			'that is a WebSocket and does not begin',
			`${upgrade}\r\n`,
			'',
			/Connection init[\s\S]*timeout/,
		],
	])('%s', async ([_, first, more, heard], { hasty, onTestFinished }) => {
		const socket = await open(hasty.url, onTestFinished);
		socket.write(first);
		const saying = setInterval(() => socket.write(more), 50);
		if (more === '') clearInterval(saying);
		const whole = await heardBy(socket);
		clearInterval(saying);
		expect(whole).toMatch(heard);
	});
});

describe('an answer that nobody reads is held for DEAD_PEER_MS', () => {
	const asks = 2;
	const name = 'http_server_request_duration_seconds_count';
	test.for<[route: string, ask: (address: string) => string]>([
		['/contracts', (address) => get(`/contracts/1/${address}/standard.json`)],
		['/api', (address) => get(`/v2/api?module=contract&action=getsourcecode&address=${address}`)],
		[
			'/graphql',
			(address) =>
				post(
					JSON.stringify({
						query: `{ contract(address: "${address}") { source { files { a: content b: content } } } }`,
					}),
				),
		],
	])('%s', async ([route, asked], { server, large, onTestFinished }) => {
		const before = await metric(server, name, { route }).catch(() => 0);
		const socket = await open(server.url, onTestFinished);
		socket.pause();
		// One after the other, more than the kernel keeps.
		socket.write(asked(large).repeat(asks));
		await untilMetric(server, name, before + asks, { route });
	});
});

describe('a client over its share', () => {
	test('of connections is told so and closed, whatever it asks for; others are served', async ({
		shared,
	}) => {
		const localAddress = '127.0.0.2';
		const held = await Promise.all(
			Array.from({ length: share }, () => openRaw(shared.url, { localAddress })),
		);
		const answers = [post(read), get('/contracts/1/0x/standard.json'), `${upgrade}\r\n`];
		for (const asked of answers) {
			const socket = await open(shared.url, onTestFinished, localAddress);
			socket.write(asked);
			expect(await text(socket)).toMatch(/^HTTP\/1.1 429 [\s\S]*"TOO_MANY_CONNECTIONS"/);
		}
		const tool = await open(shared.url, onTestFinished, localAddress);
		tool.write(get('/v2/api?module=contract'));
		expect(await text(tool)).toMatch(/Max rate limit reached, [\s\S]*Too many connections/);
		expect((await fetch(`${shared.url}/graphql?query={__typename}`)).status).toBe(200);
		await Promise.all(
			Array.from({ length: 11 }, () => open(shared.url, onTestFinished, localAddress)),
		);
		const further = await open(shared.url, onTestFinished, localAddress);
		expect(await heardBy(further)).toBe('');
		for (const { socket } of held) socket.terminate();
		await untilMetric(shared, 'websocket_connections', 0);
	});

	test('of followed contracts is refused by each connection; others are not', async ({
		shared,
		writer,
	}) => {
		const keys = Array.from({ length: followed + 1 }, () => writer.fresh());
		for (const key of keys) await writer.change(key);
		const follow = keys.map(({ address }, n) => subscribe(`${n}`, watchOne, { address }));
		const one = await openRaw(shared.url, { localAddress: '127.0.0.3' });
		await one.say(...follow.slice(1));
		await untilMetric(shared, 'graphql_subscriptions_active', followed);
		const two = await openRaw(shared.url, { localAddress: '127.0.0.3' });
		await two.say(...follow.slice(0, 1));
		expect(await two.hear(({ id }) => id === '0')).toMatchObject({
			payload: {
				errors: [
					{
						message: expect.stringMatching(/^A client carries at most 3 /),
						extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
					},
				],
			},
		});
		const other = await openRaw(shared.url);
		await other.say(...follow.slice(0, 1));
		expect(await other.hear(({ id }) => id === '0')).toMatchObject({ type: 'next' });
		one.socket.close();
		await untilMetric(shared, 'graphql_subscriptions_active', 1);
		await two.say({ ...follow[0], id: 'again' });
		expect(await two.hear(({ id }) => id === 'again')).toMatchObject({
			type: 'next',
			payload: { data: { contractStatus: expect.anything() } },
		});
		for (const { socket } of [two, other]) socket.close();
	});
});
