import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';

const test = systemTest({
	server: { TEST_OPERATIONS: 'true', REQUESTS_PER_SECOND_PER_CLIENT: '100000' },
	worker: {},
}).extend('stored', { scope: 'file', auto: true }, async ({ server }) => {
	await ask(server.url, `mutation { submitContract(address: "${weth}") { version } }`);
	await all(watch('ws', server.url, watchOne, { address: weth }));
	return weth;
});

/** As often as makes an operation known, and compiled. */
const times = 30;

interface Sent {
	body: string | Buffer;
	headers?: Record<string, string>;
	/** In pieces, without a length. */
	chunked?: boolean;
}

interface Got {
	status: number | undefined;
	headers: Record<string, unknown>;
	body: string;
}

async function send(url: string, { body, headers = {}, chunked }: Sent): Promise<Got> {
	const { promise, resolve, reject } = Promise.withResolvers<Got>();
	const bytes = Buffer.from(body);
	const length = chunked ? {} : { 'content-length': bytes.length };
	const asking = request(
		url,
		{ method: 'POST', headers: { 'content-type': 'application/json', ...length, ...headers } },
		async (response) => {
			const { date, 'x-trace-id': traceId, ratelimit, connection, ...others } = response.headers;
			expect(traceId).toMatch(/^[\da-f]{32}$/);
			// Of what is left there is less each time.
			expect(ratelimit ?? '').toMatch(/^$|^"requests";r=\d+;t=1$/);
			const text = (await buffer(response)).toString();
			resolve({ status: response.statusCode, headers: others, body: text });
		},
	);
	asking.on('error', reject);
	if (chunked) asking.write(bytes.subarray(0, 5));
	asking.end(chunked ? bytes.subarray(5) : bytes);
	return promise;
}

const json = (query: string, variables?: unknown, operationName?: string): Sent => ({
	body: JSON.stringify({ query, variables, operationName }),
});
const read = 'query ($a: Address!) { contract(address: $a) { address status source { name } } }';
const wide = `query Wide($a: Address!, $chain: Int!) {
	a: contract(address: $a, chainId: $chain) { ...Facts }
	b: cachedContract(address: $a) { ...Facts history { version status } }
	node(id: "Q29udHJhY3Q6MToweGMwMmFhYTM5YjIyM2ZlOGQwYTBlNWM0ZjI3ZWFkOTA4Mzc1NmNjMg") { id ... on Contract { version } }
}
fragment Facts on Contract { __typename id version error { code } createdAt source { name files { path size } abi optimizer { enabled runs } } }`;
const two = `query One { contract(address: "${weth}") { status } } query Two { cachedContract(address: "${weth}") { version } }`;
const conditional = `query ($yes: Boolean!) { contract(address: "${weth}") { status @include(if: $yes) version @skip(if: $yes) address } }`;
const nullable = `query ($c: Int, $a: Address!) { contract(chainId: $c, address: $a) { status } }`;

const operations: [string, Sent][] = [
	['a read', json(read, { a: weth })],
	['a read of lower case', json(read, { a: weth.toLowerCase() })],
	['a read of what nobody submitted', json(read, { a: `0x${'12'.repeat(20)}` })],
	['a cached read', json(read.replace('contract', 'cachedContract'), { a: weth })],
	['many fields', json(wide, { a: weth, chain: 1 })],
	['one of two operations', json(two, null, 'Two')],
	['none of two operations', json(two)],
	['an operation that is not there', json(two, {}, 'Three')],
	['conditions that hold', json(conditional, { yes: true })],
	['conditions that do not', json(conditional, { yes: false })],
	[
		'a list with a page',
		json('{ contracts(first: 2) { edges { cursor node { address } } pageInfo { hasNextPage } } }'),
	],
	['the chains', json('{ chains { id name } }')],
	['introspection', json('{ __schema { queryType { name } } __type(name: "Contract") { kind } }')],
	['__typename alone', json('{ __typename }')],
	[
		'a submission of what is known',
		json(`mutation { submitContract(address: "${weth}") { status version } }`),
	],
	[
		'two submissions',
		json(
			`mutation { a: submitContract(address: "${weth}") { version } b: submitContracts(addresses: ["${weth}", "${weth}"]) { version } }`,
		),
	],
	['a letter beyond ASCII in the answer', json(`query { contract(address: "0xé") { status } }`)],
	['a null where the default may not be null', json(nullable, { a: weth, c: null })],
	['a default that is left out', json(nullable, { a: weth })],
	[
		'a chain that is not served',
		json(`{ contract(address: "${weth}", chainId: 999999) { status } }`),
	],
	[
		'one field of two that fails',
		json(
			`{ a: contract(address: "${weth}", chainId: 999999) { status } b: contract(address: "${weth}") { status } }`,
		),
	],
	['a fault of ours', json('{ testError(kind: UNEXPECTED) }')],
	['an outage', json('{ a: testError(kind: OUTAGE) b: testError(kind: EXPECTED) }')],
	[
		'a field that fails beside one that does not',
		json('{ testError(kind: EXPECTED) chains { id } }'),
	],
	['a variable too few', json(read, {})],
	['a variable of another type', json(read, { a: 7 })],
	['a variable with a wrong address', json(read, { a: weth.slice(1) })],
	['a variable too many', json(read, { a: weth, b: 1 })],
	[
		'a number that is no Int',
		json('query ($c: Int!) { contract(chainId: $c, address: "0x") { status } }', { c: 1e30 }),
	],
	['a field that is not there', json('{ contract(address: "0x") { nothing } }')],
	['what cannot be parsed', json('{ contract(')],
	[
		'too deep a query',
		json(
			`{ contract(address: "${weth}") ${'{ history { contract '.repeat(20)}{ status }${' } }'.repeat(20)} }`,
		),
	],
	[
		'too many aliases',
		json(`{ ${Array.from({ length: 100 }, (_, i) => `a${i}: __typename`).join(' ')} }`),
	],
	[
		'a subscription that takes no stream',
		{
			...json(`subscription { contractStatus(address: "${weth}") { version } }`),
			headers: { accept: 'application/json' },
		},
	],
];
const bodies: [string, Sent][] = [
	['no JSON', { body: '{' }],
	['a list', { body: '[{"query":"{ __typename }"}]' }],
	['a text', { body: '"query"' }],
	['null', { body: 'null' }],
	['nothing', { body: '' }],
	['no query', { body: '{}' }],
	['a query that is a number', { body: '{"query":1}' }],
	['variables that are a list', { body: '{"query":"{ __typename }","variables":[]}' }],
	['variables that are a text', { body: '{"query":"{ __typename }","variables":"{}"}' }],
	['a name that is a number', { body: '{"query":"{ __typename }","operationName":1}' }],
	['a name that is empty', { body: '{"query":"{ __typename }","operationName":""}' }],
	['extensions', { body: '{"query":"{ __typename }","extensions":{"a":1}}' }],
	['another key', { body: '{"query":"{ __typename }","other":1}' }],
	['a key twice', { body: '{"query":"{ a","query":"{ __typename }"}' }],
	['a byte order mark', { body: '\ufeff{"query":"{ __typename }"}' }],
	['bytes that are no UTF-8', { body: Buffer.from('{"query":"{ __typename } # \xff"}', 'latin1') }],
	['__proto__', { body: '{"query":"{ __typename }","__proto__":{"a":1}}' }],
	['too many bytes', json(`{ __typename } # ${'x'.repeat(3_000_000)}`)],
	['pieces', { ...json('{ __typename }'), chunked: true }],
];
const plain = json(read, { a: weth });
const accepts = [
	'*/*',
	'application/*',
	'application/json',
	'application/graphql-response+json',
	'application/graphql-response+json, application/json',
	'application/json, application/graphql-response+json',
	'application/graphql-response+json,application/json;q=0.9',
	'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
	'multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9',
	'application/json; charset=utf-8',
	'application/json; charset=latin1',
	'application/json; charset=latin1, */*',
	'APPLICATION/JSON',
	'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
	'text/event-stream',
	'multipart/mixed',
	'*/json',
	'text/plain',
	'',
];
const headers: Record<string, string>[] = [
	{ origin: 'https://page.example' },
	{ origin: 'null' },
	{ origin: 'https://page.example', 'access-control-request-headers': 'x-a' },
	{ 'content-type': 'application/json; charset=utf-8' },
	{ 'content-type': 'application/json;charset=UTF-8' },
	{ 'content-type': 'application/graphql+json' },
	{ 'content-type': 'text/plain' },
	{ 'content-type': 'application/json, text/plain' },
	{ 'content-encoding': 'identity' },
	{ 'content-encoding': 'gzip' },
	{ traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` },
	{ traceparent: 'nonsense' },
	{ expect: '100-continue' },
	{ 'x-forwarded-for': '1.2.3.4' },
	...['a b', '[', 'a%', 'localhost:99999', '<script>', '[::1]:80', 'ex\u00e4mple'].map((host) => ({
		host,
	})),
];
const corpus = [
	...operations,
	...bodies,
	...accepts.map((accept): [string, Sent] => [
		`Accept: ${accept}`,
		{ ...plain, headers: { accept } },
	]),
	...headers.map((one): [string, Sent] => [JSON.stringify(one), { ...plain, headers: one }]),
];

describe('the answer is the same, however often it is asked for', () => {
	test.for(corpus)('%s', async ([_, sent], { server }) => {
		// The address of the other is the same to Yoga, and to nobody else.
		const expected = await send(`${server.url}/graphql?`, sent);
		for (let time = 0; time < times; time += 1) {
			expect(await send(`${server.url}/graphql`, sent)).toEqual(expected);
		}
	});
});

test('a client that breaks off in the midst of its body costs nothing', async ({ server }) => {
	const body = JSON.stringify({ query: '{ __typename }' });
	for (let time = 0; time < 20; time += 1) {
		const asking = request(`${server.url}/graphql`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'content-length': body.length },
		});
		asking.on('error', () => {});
		asking.write(body.slice(0, 5), () => asking.destroy());
		await new Promise((resolve) => asking.once('close', resolve));
	}
	expect((await send(`${server.url}/graphql`, { body })).status).toBe(200);
});
