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
