import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { describe, expect } from 'vitest';
import WebSocket from 'ws';
import { type Answer, ask } from './harness/client.ts';
import { randomAddress, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';

/**
 * Every limit of an operation, through every way in: what holds over one and not over another is no limit. Each door is
 * a client of its own, by an address that a proxy names.
 */
const limits = {
	TRUSTED_PROXIES: 'loopback',
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
	const { query, variables = {} } = asked;
	const client = createSseClient({
		...{ url: `${asked.url}/graphql`, retryAttempts: 0, headers: headersOf(asked) },
		async fetchFn(url: string, options: RequestInit) {
			const response = await fetch(url, options);
			// What is refused before anything runs comes as JSON.
			if (!response.headers.get('content-type')?.includes('json')) return response;
			throw Object.assign(new Error(), {
				code: codeIn((await response.json()) as Answer<unknown>),
			});
		},
	});
	try {
		const { value } = await client.iterate({ query, variables }).next();
		return codeIn(value as Answer<unknown>);
	} catch (error) {
		return (error as { code?: string }).code ?? String(error);
	} finally {
		await client.dispose();
	}
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
