import { createClient } from 'graphql-ws';
import { describe, expect } from 'vitest';
import WebSocket from 'ws';
import { runAdmin } from './harness/admin.ts';
import { type Answer, ask } from './harness/client.ts';
import { randomAddress, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';

/**
 * Every limit of an operation, through every way in: what holds over one and not over another is no limit. Each door is
 * a client of its own, by an address that a proxy names.
 */
const behindProxy = { TRUSTED_PROXIES: 'loopback', ETHERSCAN_API_WAIT_MS: '1' };
const limits = {
	...behindProxy,
	...{ MAX_BODY_BYTES: '20000', MAX_QUERY_DEPTH: '5', MAX_QUERY_ALIASES: '5' },
	...{ MAX_QUERY_TOKENS: '500', MAX_QUERY_COST: '1500', MAX_QUERY_ITEMS: '3' },
	...{ MAX_ANSWER_BYTES: '3000', CONTRACTS_PER_HOUR_PER_CLIENT: '5' },
};

const test = systemTest({ server: limits });

interface Asked {
	url: string;
	query: string;
	variables?: Record<string, unknown>;
	/** Who asks. */
	client: string;
	key?: string | undefined;
}

/** Gives the code of the first error; null for an answer without one. */
type Door = (asked: Asked) => Promise<string | null>;

const headersOf = ({ client, key }: Asked) => ({
	'x-forwarded-for': client,
	...(key && { authorization: `Bearer ${key}` }),
});
const codeIn = (answer: Pick<Answer<unknown>, 'errors'>) =>
	answer.errors?.[0] ? (answer.errors[0].extensions?.code ?? 'without a code') : null;

const post: Door = async (asked) =>
	codeIn(await ask(asked.url, asked.query, asked.variables, headersOf(asked)));

/** As Yoga answers it, which the lean lane leaves to it. */
const odd: Door = async (asked) => {
	const { query, variables } = asked;
	const response = await fetch(`${asked.url}/graphql?odd`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headersOf(asked) },
		body: JSON.stringify({ query, variables }),
	});
	return codeIn((await response.json()) as Answer<unknown>);
};

const stream: Door = async (asked) => {
	const { query, variables } = asked;
	const response = await fetch(`${asked.url}/graphql`, {
		method: 'POST',
		headers: {
			...{ 'content-type': 'application/json', accept: 'text/event-stream' },
			...headersOf(asked),
		},
		body: JSON.stringify({ query, variables }),
	});
	const body = await response.text();
	// What is refused before anything runs comes as JSON.
	const [, event = body] = /^data: *(\{.*)$/m.exec(body) ?? [];
	return codeIn(JSON.parse(event) as Answer<unknown>);
};

const socket: Door = async (asked) => {
	class FromClient extends WebSocket {
		constructor(address: string, protocols: string[]) {
			super(address, protocols, { headers: { 'x-forwarded-for': asked.client } });
		}
	}
	const client = createClient({
		url: `${asked.url.replace('http', 'ws')}/graphql`,
		...{ webSocketImpl: FromClient, retryAttempts: 0 },
		...(asked.key && { connectionParams: { authorization: `Bearer ${asked.key}` } }),
	});
	const { query, variables = {} } = asked;
	try {
		const { value } = await client.iterate({ query, variables }).next();
		return codeIn(value as Answer<unknown>);
	} catch (error) {
		// A list of errors, or the closing of the connection.
		if (Array.isArray(error)) return codeIn({ errors: error });
		return String((error as { code?: number }).code);
	} finally {
		await client.dispose();
	}
};

const doors: [name: string, door: Door, client: string][] = [
	['a POST', post, '192.0.2.1'],
	[
		'a POST that is known and compiled',
		async (asked) => {
			for (let times = 0; times < 21; times += 1) await post(asked);
			return post(asked);
		},
		'192.0.2.2',
	],
	['a request that only Yoga takes', odd, '192.0.2.3'],
	['a stream of events', stream, '192.0.2.4'],
	['a WebSocket', socket, '192.0.2.5'],
];

const read = `contract(address: "${weth}") { status }`;
const chains = '{ chains { id name explorerUrl } }';
const submitMany =
	'mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { version } }';
const random = (count: number) => ({
	addresses: Array.from({ length: count }, () => randomAddress()),
});

const ofOperations: [limit: string, query: string, code: string, variables?: () => object][] = [
	[
		'depth',
		'{ contracts { edges { node { source { files { path } } } } } }',
		'GRAPHQL_VALIDATION_FAILED',
	],
	[
		'aliases',
		`{ ${['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}: ${read}`).join(' ')} }`,
		'GRAPHQL_VALIDATION_FAILED',
	],
	['tokens', `{ ${'__typename '.repeat(501)} }`, 'GRAPHQL_PARSE_FAILED'],
	[
		'cost',
		'{ contracts(first: 100) { edges { node { history { version status } } } } }',
		'GRAPHQL_VALIDATION_FAILED',
	],
	['directives', `{ __typename ${'@skip(if: false) '.repeat(51)} }`, 'GRAPHQL_VALIDATION_FAILED'],
	['nesting', `{ node(id: ${'['.repeat(101)}${']'.repeat(101)}) { id } }`, 'GRAPHQL_PARSE_FAILED'],
	['bytes of an answer', chains, 'BAD_USER_INPUT'],
	['addresses', submitMany, 'BAD_USER_INPUT', () => random(101)],
	['new contracts in an hour', submitMany, 'RATE_LIMITED', () => random(6)],
];

describe.for(doors)('through %s', ([_, door, client]) => {
	test('there is a limit of bytes', async ({ server }) => {
		const query = `{ ${read} } # ${'x'.repeat(20_000)}`;
		const code = await door({ url: server.url, query, client });
		expect(code).toBe(door === socket ? '1009' : 'REQUEST_ENTITY_TOO_LARGE');
	});

	test.for(ofOperations)(
		'there is a limit of %s',
		async ([, query, code, variables], { server }) => {
			const given = { ...(variables && { variables: { ...variables() } }) };
			expect(await door({ url: server.url, query, client, ...given })).toBe(code);
		},
	);

	test('what keeps within all of them is answered', async ({ server }) => {
		expect(await door({ url: server.url, query: `{ ${read} }`, client })).toBeNull();
	});
});

/** Over a WebSocket: that it is not opened, or is closed. */
const turnedAway = ['RATE_LIMITED', '1006', '1013'];

describe('with other limits', () => {
	const submitOne = () => ({
		query: 'mutation ($address: Address!) { submitContract(address: $address) { version } }',
		variables: { address: randomAddress() },
	});

	test('who has no key cannot submit through any door, and who has one can through all', async ({
		system,
	}) => {
		const made = await runAdmin(system, ['keys', 'add', 'somebody', '--json']);
		const { key } = made.json<{ key: string }>();
		const { url, stop } = await system.server({ ...behindProxy, ACCESS: 'keys-for-submissions' });
		for (const [name, door, client] of doors) {
			expect([name, await door({ url, client, ...submitOne() })]).toEqual([
				name,
				'UNAUTHENTICATED',
			]);
			expect([name, await door({ url, client, key, ...submitOne() })]).toEqual([name, null]);
			expect([name, await door({ url, client, query: `{ ${read} }` })]).toEqual([name, null]);
		}
		expect(await tool(url, '192.0.2.6')).toBe('Invalid API Key');
		expect(await tool(url, '192.0.2.6', `&apikey=${key}`)).toMatch(/being fetched/);
		await stop();
	});

	test('nobody reads without a key through any door where one is needed for all', async ({
		system,
	}) => {
		const made = await runAdmin(system, ['keys', 'add', 'reader', '--json']);
		const { key } = made.json<{ key: string }>();
		const { url, stop } = await system.server({ ...behindProxy, ACCESS: 'keys-for-all' });
		for (const [name, door, client] of doors) {
			const refusal = await door({ url, client, query: `{ ${read} }` });
			// A WebSocket is closed by the protocol's own code.
			expect([name, refusal]).toEqual([name, door === socket ? '4403' : 'UNAUTHENTICATED']);
			expect([name, await door({ url, client, key, query: `{ ${read} }` })]).toEqual([name, null]);
			const wrong = await door({ url, client, key: 'vf_wrong', query: `{ ${read} }` });
			expect([name, wrong]).toEqual([name, door === socket ? '4403' : 'UNAUTHENTICATED']);
		}
		expect(await tool(url, '192.0.2.6')).toBe('Invalid API Key');
		await stop();
	});

	test('nobody asks too often through any door', async ({ system }) => {
		const strict = { ...behindProxy, REQUESTS_PER_SECOND_PER_CLIENT: '3' };
		const { url, stop } = await system.server(strict);
		for (const [name, door, client] of doors) {
			const many = Array.from({ length: 20 }, () => door({ url, client, query: `{ ${read} }` }));
			const codes = await Promise.all(many);
			expect([name, codes.find((code) => turnedAway.includes(`${code}`))]).not.toContain(undefined);
		}
		const calls = Array.from({ length: 20 }, () => tool(url, '192.0.2.6'));
		expect((await Promise.all(calls)).join()).toMatch(/Max rate limit reached/);
		await stop();
	});
});

test('a tool is charged for new contracts as any other client', async ({ server }) => {
	const answers: string[] = [];
	for (let times = 0; times < 6; times += 1) answers.push(await tool(server.url, '192.0.2.7'));
	expect(answers.slice(0, 5).join()).not.toMatch(/in an hour/);
	expect(answers[5]).toMatch(/Max rate limit reached.*5 new contracts in an hour/);
});

/** What Etherscan's API says of an address that nobody has asked for before. */
async function tool(url: string, client: string, more = ''): Promise<string> {
	const query = `module=contract&action=getabi&address=${randomAddress()}${more}`;
	const response = await fetch(`${url}/v2/api?${query}`, {
		headers: { 'x-forwarded-for': client },
	});
	return ((await response.json()) as { result: string }).result;
}
