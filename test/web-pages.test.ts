import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import WebSocket from 'ws';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { randomAddress, weth } from './harness/contracts.ts';
import { urlOf } from './harness/etherscan-calls.ts';
import { systemTest } from './harness/fixture.ts';
import type { ServerProcess } from './harness/system.ts';

const test = systemTest({ server: {}, worker: {} })
	.extend('stored', { scope: 'file', auto: true }, async ({ server }) => {
		await ask(server.url, `mutation { submitContract(address: "${weth}") { version } }`);
		await all(watch('ws', server.url, watchOne, { address: weth }));
		return weth;
	})
	.extend('strict', { scope: 'file' }, ({ system }) =>
		system.server({
			ALLOWED_ORIGINS: 'https://app.example, http://other.example:8080',
			ALLOWED_HOSTS: 'public.example',
		}),
	);

type Headers = Record<string, string>;

interface Got {
	status: number | undefined;
	headers: Record<string, unknown>;
	body: string;
}

/** With headers that `fetch` keeps for itself. */
function send(url: string, headers: Headers, { method = 'GET', body = '' } = {}): Promise<Got> {
	const { promise, resolve, reject } = Promise.withResolvers<Got>();
	const asking = request(url, { method, headers }, async (response) => {
		const body = await text(response);
		resolve({ status: response.statusCode, headers: response.headers, body });
	});
	asking.on('error', reject).end(body);
	return promise;
}

const codeIn = ({ body }: Got): unknown => JSON.parse(body).errors?.[0]?.extensions.code;
const json = { 'content-type': 'application/json' };
const elsewhere = { origin: 'https://page.example' };
const operation = (query: string) => ({ method: 'POST', body: JSON.stringify({ query }) });
const read = () => operation(`{ contract(address: "${weth}") { status } }`);
/** As another text each time, and as one that is known: both lanes. */
const mutations = () => [
	`mutation { submitContract(address: "${randomAddress()}") { status } }`,
	...Array<string>(25).fill(`mutation { submitContracts(addresses: ["${weth}"]) { status } }`),
];

/** Asked over WebSocket; null where the connection is refused. */
async function overWs(
	{ url }: ServerProcess,
	headers: Headers,
	query: string,
): Promise<string | null> {
	const { promise, resolve } = Promise.withResolvers<string | null>();
	const address = `${url.replace('http', 'ws')}/graphql`;
	const socket = new WebSocket(address, 'graphql-transport-ws', { headers });
	socket.on('error', () => resolve(null));
	socket.on('open', () => socket.send('{"type":"connection_init"}'));
	socket.on('message', (data) => {
		const { type } = JSON.parse(String(data));
		if (type !== 'connection_ack') return resolve(String(data));
		socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
	});
	const got = await promise;
	socket.terminate();
	return got;
}

describe('what a browser sends for any page without asking', () => {
	const query = `mutation { submitContract(address: "${randomAddress()}") { status } }`;
	test.for<[string, Headers, string]>([
		['a form', { 'content-type': 'application/x-www-form-urlencoded' }, `query=${query}`],
		['a form with files', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
		['plain text', { 'content-type': 'text/plain' }, JSON.stringify({ query })],
		['text that looks like JSON', { 'content-type': 'text/plain; application/json' }, '{}'],
		['no type', {}, JSON.stringify({ query })],
		['a long form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a&'.repeat(131_000)],
	])('is no operation: %s', async ([_, headers, body], { server }) => {
		const got = await send(`${server.url}/graphql`, headers, { method: 'POST', body });
		expect([got.status, codeIn(got)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
	});

	test('is no mutation, over GET', async ({ server }) => {
		const got = await send(`${server.url}/graphql?query=${encodeURIComponent(query)}`, {});
		expect(got.status).toBe(405);
	});

	test.for<[string, Headers]>([
		['of an image', { 'sec-fetch-site': 'cross-site' }],
		['of a neighbour', { 'sec-fetch-site': 'same-site' }],
		['of a script', elsewhere],
		['of a page without a name', { origin: 'null' }],
	])("submits nothing by Etherscan's API: %s", async ([_, headers], { server }) => {
		const address = randomAddress();
		const got = await send(server.url + urlOf('getsourcecode', address), headers);
		expect([got.status, JSON.parse(got.body).message]).toEqual([403, 'NOTOK']);
		const known = await ask(server.url, `{ contract(address: "${address}") { status } }`);
		expect(known.data).toEqual({ contract: null });
		const stored = await send(server.url + urlOf('getsourcecode', weth), headers);
		expect([stored.status, JSON.parse(stored.body).message]).toEqual([200, 'OK']);
	});
});

describe('by default a page of another origin', () => {
	test('reads, and is told that it may ask', async ({ server }) => {
		const got = await send(`${server.url}/graphql`, { ...json, ...elsewhere }, read());
		expect(got.body).toContain('SUCCESS');
		expect(got.headers['access-control-allow-origin']).toBe('*');
		const asks = { ...elsewhere, 'access-control-request-headers': 'content-type' };
		const preflight = await send(`${server.url}/graphql`, asks, { method: 'OPTIONS' });
		expect([preflight.status, preflight.headers]).toMatchObject([
			204,
			{ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' },
		]);
		expect(await overWs(server, elsewhere, '{ chains { id } }')).toContain('"next"');
	});

	test('submits nothing, over HTTP or WebSocket', async ({ server }) => {
		for (const query of mutations()) {
			const headers = { ...json, ...elsewhere };
			const got = await send(`${server.url}/graphql`, headers, operation(query));
			expect([got.status, codeIn(got)]).toEqual([403, 'FORBIDDEN']);
			expect(got.body).not.toContain('http"');
			expect(await overWs(server, elsewhere, query)).toContain('FORBIDDEN');
		}
	});

	test.for<[string, (url: string) => Headers]>([
		['the server itself gave out', (url) => ({ origin: url })],
		[
			'came through a proxy, as its browser says',
			() => ({ origin: 'https://page.example', 'sec-fetch-site': 'same-origin' }),
		],
		['is none, such as a tool', () => ({})],
	])('is not one that %s: it submits', async ([_, headersFor], { server }) => {
		const headers = headersFor(server.url);
		for (const query of mutations()) {
			const got = await send(`${server.url}/graphql`, { ...json, ...headers }, operation(query));
			expect([got.status, got.body]).toEqual([200, expect.stringContaining('status')]);
		}
		expect(await overWs(server, headers, mutations()[0] ?? '')).toContain('CREATED');
	});
});

describe('where origins and hosts are set', () => {
	test.for(['https://app.example', 'http://other.example:8080'])(
		'a page of %s reads and submits',
		async (origin, { strict }) => {
			for (const query of mutations()) {
				const got = await send(`${strict.url}/graphql`, { ...json, origin }, operation(query));
				expect([got.status, got.headers['access-control-allow-origin']]).toEqual([200, origin]);
				expect(got.headers['vary']).toContain('Origin');
			}
			expect(await overWs(strict, { origin }, mutations()[0] ?? '')).toContain('CREATED');
			const got = await send(strict.url + urlOf('getabi', weth), { origin });
			expect(got.headers['access-control-allow-origin']).toBe(origin);
		},
	);

	test('a page of another reads nothing, not even over WebSocket', async ({ strict }) => {
		const paths = [
			urlOf('getabi', weth),
			'/graphql?query={__typename}',
			`/contracts/1/${weth}/files`,
		];
		for (const path of paths) {
			const got = await send(strict.url + path, elsewhere);
			expect([got.status, got.headers['access-control-allow-origin']]).toEqual([200, undefined]);
		}
		const preflight = await send(`${strict.url}/graphql`, elsewhere, { method: 'OPTIONS' });
		expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
		expect(await overWs(strict, elsewhere, '{ chains { id } }')).toBeNull();
	});

	test.for(['public.example', 'public.example:8080', '127.0.0.1'])(
		'%s is answered',
		async (host, { strict }) => {
			expect((await send(`${strict.url}/livez`, { host })).status).toBe(200);
			expect(await overWs(strict, { host }, '{ __typename }')).toContain('Query');
		},
	);
});

test('a name that leads here is not answered, on either port', async ({ server, strict }) => {
	const paths = [
		'/graphql?query={__typename}',
		urlOf('getabi', weth),
		`/contracts/1/${weth}/files`,
	];
	for (const [url, host] of [
		[server.url, 'page.example'],
		[strict.url, 'localhost'],
	] as const) {
		for (const path of [...paths, '/', '/livez']) {
			const got = await send(url + path, { host });
			expect([got.status, codeIn(got)]).toEqual([421, 'MISDIRECTED_REQUEST']);
		}
	}
	expect(await overWs(server, { host: 'page.example' }, '{ __typename }')).toBeNull();
	for (const path of ['/', '/metrics', '/livez']) {
		expect((await send(server.metricsUrl + path, { host: 'page.example' })).status).toBe(421);
	}
	expect(
		(await send(`${server.url}/graphql?query={__typename}`, { host: 'localhost' })).status,
	).toBe(200);
});

test('whoever says that all origins may, lets all', async ({ system }) => {
	const open = await system.server({ ALLOWED_ORIGINS: '*', ALLOWED_HOSTS: '*' });
	for (const query of mutations()) {
		const headers = { ...json, ...elsewhere, host: 'any.example' };
		expect((await send(`${open.url}/graphql`, headers, operation(query))).status).toBe(200);
	}
	expect(await overWs(open, elsewhere, mutations()[0] ?? '')).toContain('CREATED');
	await open.stop();
});
