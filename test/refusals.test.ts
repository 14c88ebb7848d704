import { describe, expect } from 'vitest';
import { openWs } from './harness/client.ts';
import { randomAddress, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';

const test = systemTest({ server: { MAX_QUERY_SOURCE_BYTES: '10' } });

describe('a value that does not fit', () => {
	const mistakes: [name: string, type: string, literal: string, value: unknown][] = [
		['an address', 'Address!', '"0x12"', '0x12'],
		['a number', 'Int!', '"many"', 'many'],
		['a word', 'ContractStatus', 'NOTHING', 'NOTHING'],
		['a list', '[Address!]!', '["0x12"]', ['0x12']],
	];
	const fields: Readonly<Record<string, (value: string) => string>> = {
		'Address!': (value) => `contract(address: ${value}) { status }`,
		'Int!': (value) => `contract(address: "${weth}", chainId: ${value}) { status }`,
		ContractStatus: (value) => `contracts(status: ${value}) { edges { cursor } }`,
		'[Address!]!': (value) => `submitContracts(addresses: ${value}) { status }`,
	};

	test.for(mistakes)(
		'%s is the same mistake in the document and in a variable, over each transport',
		async ([_, type, literal, value], { server }) => {
			const field = fields[type]?.(literal) ?? '';
			const kind = type.startsWith('[') ? 'mutation' : 'query';
			const asked = [
				{ query: `${kind} { ${field} }` },
				{
					query: `${kind} ($v: ${type}) { ${fields[type]?.('$v')} }`,
					variables: { v: value },
				},
			];
			const extensions = { code: 'BAD_USER_INPUT' };
			for (const operation of asked) {
				for (const accept of ['application/json', 'application/graphql-response+json']) {
					const headers = { 'content-type': 'application/json', accept };
					const request = { method: 'POST', headers, body: JSON.stringify(operation) };
					// As often as makes it known.
					for (let time = 0; time < 3; time += 1) {
						const response = await fetch(`${server.url}/graphql`, request);
						expect(response.status).toBe(400);
						expect((await response.json()).errors[0].extensions).toEqual(extensions);
					}
				}
				const client = openWs(server.url);
				const errors: unknown = await client
					.iterate(operation)
					.next()
					.then(
						({ value }) => value?.errors,
						(error: unknown) => error,
					);
				expect(errors).toMatchObject([{ extensions }]);
				expect(JSON.stringify(errors)).not.toContain('"http"');
				await client.dispose();
			}
		},
	);

	test.for([
		['"0x12"', {}],
		['$a', { a: '0x12' }],
	] as const)('%s shows no HTTP status in a stream', async ([value, variables], { server }) => {
		for (const field of [`address: ${value}`, `address: "${weth}", chainId: ${value}`]) {
			const type = field.includes('chainId') ? 'Int!' : 'Address!';
			const named = value === '$a' ? `($a: ${type})` : '';
			const query = new URLSearchParams({
				query: `subscription ${named} { contractStatus(${field}) { version } }`,
				variables: JSON.stringify(variables),
			});
			const headers = { accept: 'text/event-stream' };
			const answer = await (await fetch(`${server.url}/graphql?${query}`, { headers })).text();
			expect(answer).toContain('"code":"BAD_USER_INPUT"}');
			expect(answer).not.toContain('"http"');
		}
	});
});

describe('every refusal has the shape of a GraphQL error', () => {
	test.for<[string, number, string, string, RequestInit?]>([
		['a path of nobody', 404, 'NOT_FOUND', '/nowhere'],
		['a download that is not there', 404, 'NO_SOURCE', `/contracts/1/${randomAddress()}/files`],
		['a download that cannot be', 400, 'BAD_USER_INPUT', '/contracts/1/0x/files'],
		[
			'a method of nobody',
			405,
			'METHOD_NOT_ALLOWED',
			`/contracts/1/${weth}/files`,
			{ method: 'PUT' },
		],
		[
			'a type that nobody has',
			406,
			'NOT_ACCEPTABLE',
			'/graphql?query={__typename}',
			{ headers: { accept: 'text/plain' } },
		],
		[
			'a stream that is not taken',
			406,
			'NOT_ACCEPTABLE',
			`/graphql?query=${encodeURIComponent(`subscription { contractStatus(address: "${weth}") { version } }`)}`,
			{ headers: { accept: 'application/json' } },
		],
	])('%s', async ([_, status, code, path, init], { server }) => {
		const answer = await fetch(server.url + path, init);
		expect(answer.status).toBe(status);
		expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
		expect(await answer.json()).toEqual({
			errors: [{ message: expect.any(String), extensions: expect.objectContaining({ code }) }],
		});
	});

	test('on the port of the metrics too, where no page may frame or run what is shown', async ({
		server,
	}) => {
		for (const path of ['/', '/metrics', '/livez', '/readyz', '/nowhere']) {
			const answer = await fetch(server.metricsUrl + path, { headers: { accept: 'text/html' } });
			expect([path, Object.fromEntries(answer.headers)]).toMatchObject([
				path,
				{
					'content-type': expect.stringMatching(/charset=utf-8/),
					'content-security-policy': expect.stringMatching(
						/^default-src 'none'.*frame-ancestors 'none'/,
					),
					'x-content-type-options': 'nosniff',
					'referrer-policy': 'no-referrer',
				},
			]);
			const body = await answer.text();
			if (path === '/nowhere') expect(JSON.parse(body).errors[0].extensions.code).toBe('NOT_FOUND');
		}
	});
});

test('a batch is refused', async ({ server }) => {
	const response = await fetch(`${server.url}/graphql`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify([{ query: '{ chains { id } }' }, { query: '{ chains { id } }' }]),
	});
	expect(response.status).toBe(400);
});
