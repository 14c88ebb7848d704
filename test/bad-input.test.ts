import { describe, expect } from 'vitest';
import { ask, openWs } from './harness/client.ts';
import { randomAddress, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import { metric } from './harness/metrics.ts';

const test = systemTest({ server: { MAX_QUERY_SOURCE_BYTES: '10' } });

const address = (value: string) => `{ contract(address: "${value}") { status } }`;
const many = (count: number) =>
	`mutation { submitContracts(addresses: [${Array(count).fill(`"${weth}"`).join(' ')}]) { status } }`;

const table: [
	name: string,
	query: string,
	sentence: RegExp,
	variables?: Record<string, unknown>,
][] = [
	['an address that is too short', address(weth.slice(0, -1)), /39 hex digits.*has 40/],
	['an address that is too long', address(`${weth}0`), /41 hex digits/],
	['an address without 0x', address(weth.slice(2)), /start with 0x/],
	['an address with a wrong letter', address(weth.replace('aaA', 'zaA')), /"z" at position/],
	['an address with a wrong checksum', address(weth.replace('aaA', 'aaa')), /EIP-55 checksum/],
	['an address that is a number', '{ contract(address: 12) { status } }', /has to be a string/],
	['an address that is empty', address(''), /start with 0x/],
	[
		'an unknown chain',
		`{ contract(address: "${weth}", chainId: 999999999) { status } }`,
		/Chain 999999999 is not served/,
	],
	[
		'a negative chain',
		`{ cachedContract(address: "${weth}", chainId: -1) { status } }`,
		/Chain -1 is not served/,
	],
	[
		'an unknown chain at submit',
		`mutation { submitContract(address: "${weth}", chainId: 0) { status } }`,
		/Chain 0 is not served/,
	],
	['no addresses', many(0), /1 to 100 addresses/],
	['too many addresses', many(101), /these are 101/],
	['a first of 0', '{ contracts(first: 0) { edges { cursor } } }', /first has to be 1 to 100/],
	['a first of 101', '{ contracts(first: 101) { edges { cursor } } }', /first has to be 1 to 100/],
	[
		'a cursor of nobody',
		'{ contracts(after: "xyz") { edges { cursor } } }',
		/cursor was not given out/,
	],
	[
		'a cursor with a chain that cannot be',
		`{ contracts(after: "${Buffer.from(`1:${'9'.repeat(400)}:${weth.toLowerCase()}`).toString('base64url')}") { edges { cursor } } }`,
		/cursor was not given out/,
	],
	['an id of nobody', '{ node(id: "xyz") { id } }', /id was not given out/],
	[
		'a bad address in a variable',
		'query ($a: Address!) { contract(address: $a) { status } }',
		/39 hex digits/,
		{ a: weth.slice(0, -1) },
	],
	[
		'a bad address in a list',
		'mutation ($a: [Address!]!) { submitContracts(addresses: $a) { status } }',
		/addresses|\$a.*\[1\].*39 hex digits/,
		{ a: [weth, weth.slice(0, -1)] },
	],
];

describe('over HTTP', () => {
	test.for(table)(
		'%s is refused with BAD_USER_INPUT and what to fix',
		async ([_, query, sentence, variables], { server }) => {
			const answer = await ask(server.url, query, variables);
			expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
			expect(answer.errors?.[0]?.message).toMatch(sentence);
		},
	);
});

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

describe('over WebSocket', () => {
	const subscriptions: [string, string, RegExp][] = [
		[
			'a bad address',
			'subscription { contractStatus(address: "0x12") { version } }',
			/2 hex digits/,
		],
		[
			'an unknown chain',
			`subscription { contractStatus(address: "${weth}", chainId: 7777777) { version } }`,
			/is not served/,
		],
		[
			'a negative version',
			`subscription { contractStatus(address: "${weth}", afterVersion: -1) { version } }`,
			/afterVersion/,
		],
		[
			'no addresses',
			'subscription { contractStatuses(addresses: []) { version } }',
			/1 to 100 addresses/,
		],
	];

	test.for(subscriptions)(
		'%s is refused with BAD_USER_INPUT and what to fix',
		async ([_, query, sentence], { server }) => {
			const client = openWs(server.url);
			const results = client.iterate({ query });
			const errors = await results.next().then(
				({ value }) => value?.errors ?? [],
				(error) => error,
			);
			expect(errors[0]).toMatchObject({
				message: expect.stringMatching(sentence),
				extensions: { code: 'BAD_USER_INPUT' },
			});
			await client.dispose();
		},
	);

	test.for<[string, string, string]>([
		['that is no GraphQL', '{ broken', 'GRAPHQL_PARSE_FAILED'],
		['that is nested 2,000 deep', `{ a(b: ${'['.repeat(2_000)}`, 'GRAPHQL_PARSE_FAILED'],
		['that fits no schema', 'query Asked { broken }', 'GRAPHQL_VALIDATION_FAILED'],
		['that is not in its document', 'query Other { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
	])(
		'an operation %s is refused as over HTTP, and without an HTTP status',
		async ([_, query, code], { server }) => {
			const extensions = { code, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) };
			const operation = { query, operationName: 'Asked' };
			const refused = async () => {
				const client = openWs(server.url);
				const answer = client.iterate(operation).next();
				await expect(answer).rejects.toMatchObject([{ extensions }]);
				await expect(answer).rejects.not.toHaveProperty('0.extensions.http');
				await client.dispose();
			};
			// Before HTTP and after it: they share what was parsed.
			await refused();
			const headers = { 'content-type': 'application/json' };
			const request = { method: 'POST', headers, body: JSON.stringify(operation) };
			const response = await fetch(`${server.url}/graphql`, request);
			expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
			await refused();
		},
	);
});

describe('limits', () => {
	const deep = `{ contracts { edges { node { ${'history { contract { '.repeat(8)}status${' } }'.repeat(8)} } } } }`;
	const aliases = Array.from({ length: 60 }, (_, index) => `a${index}: chains { id }`).join(' ');

	test.for<[string, string, RegExp]>([
		['depth', deep, /depth/i],
		['aliases', `{ ${aliases} }`, /alias/i],
		['tokens', `{ ${'chains { id } '.repeat(3_000)} }`, /token/i],
	])('a query past the limit of %s is refused', async ([_, query, sentence], { server }) => {
		const answer = await ask(server.url, query);
		expect(answer.errors?.[0]?.message).toMatch(sentence);
		expect(answer.errors?.[0]?.extensions?.code).toMatch(/^(GRAPHQL_|BAD_)/);
	});

	test('a variable that does not fit is refused with a code', async ({ server }) => {
		const query = 'query ($chainId: Int!) { contracts(chainId: $chainId) { edges { cursor } } }';
		for (const variables of [{}, { chainId: 99_999_999_999 }]) {
			const answer = await ask(server.url, query, variables);
			expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
		}
	});

	test('what is nested is counted, not only its depth', async ({ system }) => {
		const strict = await system.server({ MAX_QUERY_ITEMS: '3' });
		const submit = `mutation { submitContract(address: "${weth}") { version } }`;
		await ask(strict.url, submit);
		const query = `{ contract(address: "${weth}") { history { contract { history { contract { history { version } } } } } } }`;
		const answer = await ask(strict.url, query);
		expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
		await strict.stop();
	});

	test('a body past the limit is refused', async ({ server }) => {
		const response = await fetch(`${server.url}/graphql`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ query: `{ chains { id } } # ${'x'.repeat(300_000)}` }),
		});
		expect(response.status).toBe(413);
	});

	test("variables that are no JSON are the client's mistake", async ({ server }) => {
		const response = await fetch(`${server.url}/graphql?query={__typename}&variables=zzz`);
		const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
		expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
	});

	test('a batch is refused', async ({ server }) => {
		const response = await fetch(`${server.url}/graphql`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify([{ query: '{ chains { id } }' }, { query: '{ chains { id } }' }]),
		});
		expect(response.status).toBe(400);
	});

	test('a client that asks too often is asked to wait', async ({ system }) => {
		const strict = await system.server({ REQUESTS_PER_SECOND_PER_CLIENT: '5' });
		const answers = await Promise.all(
			Array.from({ length: 40 }, () => fetch(`${strict.url}/graphql?query={__typename}`)),
		);
		expect(answers.map(({ status }) => status)).toContain(200);
		const refused = answers.find(({ status }) => status === 429);
		expect(refused?.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
		expect(refused?.headers.get('retry-after')).toBe('1');
		expect(refused?.headers.get('ratelimit-policy')).toBe('"requests";q=5;w=1');
		expect(refused?.headers.get('ratelimit')).toBe('"requests";r=0;t=1');
		expect(await refused?.json()).toMatchObject({
			errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }],
		});
		expect(await metric(strict, 'graphql_rejected_total')).toBeGreaterThan(0);
		await strict.stop();
	});
});

test('an unexpected error is masked for the client and logged once with its trace', async ({
	system,
}) => {
	const broken = await system.server();
	await system.database.query('rename table contracts to contracts_away');
	try {
		const answer = await ask(broken.url, address(weth));
		expect(answer.errors).toEqual([
			expect.objectContaining({
				message: 'Unexpected error; it has been logged.',
				extensions: { code: 'INTERNAL_SERVER_ERROR' },
			}),
		]);
		const line = await broken.logged(({ message }) => message === 'request failed');
		expect(JSON.stringify(line)).toContain('contracts');
		expect(line['error']).toMatchObject({ stack: expect.stringContaining('at ') });
		expect(broken.lines.filter(({ message }) => message === 'request failed')).toHaveLength(1);
	} finally {
		await system.database.query('rename table contracts_away to contracts');
	}
	await broken.stop();
});

test('a database that is away is distinguished from a fault, over GraphQL and at the downloads', async ({
	system,
}) => {
	const url = new URL(system.database.url);
	// Nothing listens there.
	url.port = '1';
	const alone = await system.server({ MYSQL_URL: url.href });
	const code = 'SERVICE_UNAVAILABLE';
	const answer = await ask(alone.url, address(weth));
	expect(answer.errors).toEqual([expect.objectContaining({ extensions: { code } })]);
	const download = await fetch(`${alone.url}/contracts/1/${weth}/source.zip`);
	expect(download.status).toBe(503);
	expect(await download.json()).toMatchObject({ errors: [{ extensions: { code } }] });
	await alone.stop();
});

test('a disk that is full refuses a submission for as long as it is', async ({ system }) => {
	const server = await system.server();
	await system.database.query(
		"create trigger full before insert on contract_events for each row signal sqlstate 'HY000' set mysql_errno = 1114",
	);
	const submit = `mutation { submitContract(address: "${randomAddress()}") { status } }`;
	const answer = await ask(server.url, submit);
	expect(answer.errors).toEqual([
		expect.objectContaining({ extensions: { code: 'SERVICE_UNAVAILABLE' } }),
	]);
	await system.database.query('drop trigger full');
	expect((await ask(server.url, submit)).data).toEqual({ submitContract: { status: 'CREATED' } });
	await server.stop();
});

test.for(['server', 'worker', 'warmup'])(
	'the %s names every mistake of its settings at once, without a value',
	async (name, { system }) => {
		const wrong = system.run(`${name}/main.ts`, {
			MYSQL_URL: 'postgres://root:hunter2@localhost/x',
			REDIS_URL: '',
			HTTP_PORT: 'many',
			LEASE_MS: '-1',
		});
		expect((await wrong.exit).code).toBe(1);
		for (const setting of ['MYSQL_URL', 'REDIS_URL', 'HTTP_PORT', 'LEASE_MS']) {
			expect(wrong.output()).toContain(setting);
		}
		expect(wrong.output()).not.toContain('hunter2');
	},
);

test('health and metrics answer', async ({ server }) => {
	expect((await fetch(`${server.url}/livez`)).status).toBe(200);
	const ready = await fetch(`${server.url}/readyz`);
	expect(await ready.json()).toEqual({ status: 'ok', down: [] });
	expect(await (await fetch(`${server.metricsUrl}/metrics`)).text()).toContain(
		'process_cpu_seconds_total',
	);
	expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
});
