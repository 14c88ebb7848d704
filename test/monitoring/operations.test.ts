import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Client } from 'graphql-ws';
import { createConnection } from 'mysql2/promise';
import { describe, expect } from 'vitest';
import { all, ask, openWs, watch, watchOne } from '../harness/client.ts';
import { randomAddress, verified } from '../harness/contracts.ts';
import { shown, untilCounted } from '../harness/counts.ts';
import { systemTest } from '../harness/fixture.ts';
import type { ServerProcess } from '../harness/system.ts';

const closed: number[] = [];

const test = systemTest({
	server: { MAX_FOLLOWED_PER_CONNECTION: '20', MAX_FOLLOWED: '20' },
	worker: {},
})
	// One for all: nothing that is wrong with an operation closes it.
	.extend('socket', { scope: 'file' }, ({ server }, { onCleanup }) => {
		const socket = openWs(server.url, { lazy: false, closed: (code) => closed.push(code) });
		onCleanup(() => socket.dispose());
		return socket;
	});

const address = randomAddress();
const read = (field = 'status') => `{ contract(address: "${address}") { ${field} } }`;

const expectCounts = (
	server: ServerProcess,
	before: Map<string, number>,
	counts: Record<string, number>,
	only = /^graphql_/,
) => untilCounted(server, before, only, counts);

const duration = (operation: string, type: string, outcome: string) =>
	`graphql_operation_duration_seconds_count{operation="${operation}",type="${type}",outcome="${outcome}"}`;
const error = (code: string, operation: string) =>
	`graphql_errors_total{code="${code}",operation="${operation}"}`;
const rejected = (reason: string) => `graphql_rejected_total{reason="${reason}"}`;
const unreadable = duration('invalid', 'unknown', 'client_error');
const invalid = error('GRAPHQL_VALIDATION_FAILED', 'invalid');

async function send(
	server: ServerProcess,
	socket: Client,
	transport: 'http' | 'ws',
	query: string,
	operationName?: string,
) {
	const payload = operationName === undefined ? { query } : { query, operationName };
	if (transport === 'http') {
		const response = await fetch(`${server.url}/graphql`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(payload),
		});
		await response.text();
		return;
	}
	const { promise, resolve } = Promise.withResolvers<void>();
	socket.subscribe(payload, { next() {}, error: () => resolve(), complete: () => resolve() });
	await promise;
}

const deep = read(`${'history { contract { '.repeat(9)}status${' } }'.repeat(9)}`);
const wide = `{ ${Array.from({ length: 51 }, (_, at) => `a${at}: chains { id }`).join(' ')} }`;
const nested = `contract(address: "${address}") { ${'history { contract { '.repeat(6)}status${' } }'.repeat(6)} }`;
const costly = `{ ${Array.from({ length: 50 }, (_, at) => `a${at}: ${nested}`).join(' ')} }`;

const operations: [what: string, query: string, counts: Record<string, number>][] = [
	['without a name', read(), { [duration('anonymous', 'query', 'ok')]: 1 }],
	['with a name of ours', `query Read ${read()}`, { [duration('Read', 'query', 'ok')]: 1 }],
	['with a name of its own', `query Mine ${read()}`, { [duration('other', 'query', 'ok')]: 1 }],
	[
		'with a name of ours and another type',
		'query Submit { chains { id } }',
		{ [duration('other', 'query', 'ok')]: 1 },
	],
	[
		'with a name that every object has',
		'query constructor { chains { id } }',
		{ [duration('other', 'query', 'ok')]: 1 },
	],
	[
		'that asks for what is not',
		'{ contract(address: "0x0") { status } }',
		{
			[unreadable]: 1,
			[error('BAD_USER_INPUT', 'invalid')]: 1,
			[rejected('request')]: 1,
		},
	],
	[
		'that fails',
		`query List { contracts(first: 0) { edges { cursor } } }`,
		{
			[duration('List', 'query', 'client_error')]: 1,
			[error('BAD_USER_INPUT', 'List')]: 1,
		},
	],
	[
		'that is not GraphQL',
		'{ contract',
		{ [unreadable]: 1, [error('GRAPHQL_PARSE_FAILED', 'invalid')]: 1, [rejected('parse')]: 1 },
	],
	['that fits no schema', '{ a }', { [unreadable]: 1, [invalid]: 1, [rejected('validate')]: 1 }],
	['that is too deep', deep, { [unreadable]: 1, [invalid]: 1, [rejected('depth')]: 1 }],
	['that is too wide', wide, { [unreadable]: 1, [invalid]: 1, [rejected('aliases')]: 1 }],
	['that costs too much', costly, { [unreadable]: 1, [invalid]: 1, [rejected('cost')]: 1 }],
	[
		'that is too long',
		`{ ${'chains { id } '.repeat(2_000)} }`,
		{ [unreadable]: 1, [error('GRAPHQL_PARSE_FAILED', 'invalid')]: 1, [rejected('tokens')]: 1 },
	],
];

describe.each(['http', 'ws'] as const)('over %s', (transport) => {
	test.for(operations)(
		'an operation %s is counted as such',
		async ([_what, query, counts], { server, socket }) => {
			const before = await shown(server);
			await send(server, socket, transport, query);
			await expectCounts(server, before, counts);
			expect(closed).toEqual([]);
		},
	);
});

test('a request that is no operation, or that nobody may send, is counted', async ({ server }) => {
	const before = await shown(server);
	const headers = { 'content-type': 'application/json' };
	// To its end: an answer that is left lying is one whose reader has left, once its garbage is collected.
	const send = async (path: string, init: RequestInit = {}) =>
		(await fetch(`${server.url}/graphql${path}`, init)).text();
	await send('', { method: 'POST', headers, body: '{' });
	await send('', { method: 'POST', headers, body: `"${'a'.repeat(300_000)}"` });
	await send('', { method: 'POST', body: 'a' });
	const mutation = 'mutation { submitContract(address: "0x0") { status } }';
	await send(`?query=${encodeURIComponent(mutation)}`);
	// GraphiQL's page is no operation.
	await send('', { headers: { accept: 'text/html' } });
	await expectCounts(server, before, {
		[unreadable]: 4,
		[error('BAD_REQUEST', 'invalid')]: 2,
		[error('REQUEST_ENTITY_TOO_LARGE', 'invalid')]: 1,
		[rejected('request')]: 3,
	});
});

test.for(['ws', 'sse'] as const)(
	'a stream over %s is counted when it begins, and each of its events when it is handed on',
	async (transport, { system, server }) => {
		const address = verified(system.emulator);
		const before = await shown(server);
		const active = `graphql_subscriptions_active{operation="contractStatus",transport="${transport}"}`;
		const events = all(watch(transport, server.url, watchOne, { address }));
		await until(async () => (await shown(server)).get(active) === 1);
		await ask(server.url, `mutation Submit { submitContract(address: "${address}") { status } }`);
		expect(await events).toHaveLength(3);
		// Whoever asks for the past is no measure of how fast news travels.
		await all(watch(transport, server.url, watchOne, { address, afterVersion: 0 }));
		await expectCounts(
			server,
			before,
			{
				[duration('Submit', 'mutation', 'ok')]: 1,
				[duration('anonymous', 'subscription', 'ok')]: 2,
				'subscription_events_total{operation="contractStatus",result="sent"}': 6,
				'subscription_delivery_seconds_count{operation="contractStatus"}': 3,
			},
			/^(?:graphql|subscription)_/,
		);
		expect((await shown(server)).get(active)).toBe(0);
	},
);

test('a subscription that is refused is counted as such', async ({ server }) => {
	const before = await shown(server);
	const many = Array.from({ length: 21 }, () => randomAddress());
	const query =
		'subscription WatchMany($addresses: [Address!]!) { contractStatuses(addresses: $addresses) { version } }';
	for (const transport of ['ws', 'sse'] as const) {
		const refused = watch(transport, server.url, query, { addresses: many });
		await expect(refused.next()).rejects.toThrow('TOO_MANY_SUBSCRIPTIONS');
		await refused.leave();
	}
	await expectCounts(server, before, {
		[duration('WatchMany', 'subscription', 'client_error')]: 2,
		[error('TOO_MANY_SUBSCRIPTIONS', 'WatchMany')]: 2,
		[rejected('subscriptions')]: 2,
	});
});

test('a fault of the server, and a client that does not wait, are distinguished', async ({
	system,
	server,
	socket,
}) => {
	const known = verified(system.emulator);
	const { database } = system;
	await ask(server.url, `mutation { submitContract(address: "${known}") { status } }`);
	await all(watch('ws', server.url, watchOne, { address: known }));
	const query = `{ contract(address: "${known}") { history { version } } }`;
	const before = await shown(server);
	const blocker = await createConnection(database.url);
	const waiting =
		'select id from information_schema.processlist where db = database() and state like ?';
	const leaving = new AbortController();
	const cancelled = duration('anonymous', 'query', 'cancelled');
	try {
		await blocker.query('lock tables contract_events write');
		const url = `${server.url}/graphql?query=${encodeURIComponent(query)}`;
		const left = fetch(url, { signal: leaving.signal });
		await until(async () => (await database.query(waiting, ['%lock%'])).length === 1);
		leaving.abort();
		await expect(left).rejects.toThrow();
		// Until the server has noticed it, an answer would be one that was waited for.
		const count = before.get(cancelled) ?? 0;
		await until(async () => (await shown(server)).get(cancelled) === count + 1);
	} finally {
		await blocker.end();
	}
	await until(async () => (await database.query(waiting, ['%lock%'])).length === 0);
	await database.query('rename table contract_events to events_away');
	await send(server, socket, 'http', query).finally(() =>
		database.query('rename table events_away to contract_events'),
	);
	await expectCounts(server, before, {
		[cancelled]: 1,
		[duration('anonymous', 'query', 'server_error')]: 1,
		[error('INTERNAL_SERVER_ERROR', 'anonymous')]: 1,
	});
});

test('a name that a client chose makes no new series', async ({ server }) => {
	const names = Array.from({ length: 1_000 }, (_, at) => `n${at}${randomBytes(4).toString('hex')}`);
	await getAll(server, ['warm']);
	const before = await shown(server);
	await getAll(server, names);
	await expectCounts(server, before, { [duration('other', 'query', 'ok')]: names.length });
	const after = await shown(server);
	expect([...after.keys()]).toEqual([...before.keys()]);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
	while (!(await holds())) await new Promise(setImmediate);
}

/** One request with each operation name, one behind the other on one connection. */
async function getAll(server: ServerProcess, names: readonly string[]): Promise<void> {
	const { host, hostname, port } = new URL(server.url);
	const socket = connect(Number(port), hostname);
	for (const [at, name] of names.entries()) {
		const query = encodeURIComponent(`query ${name} { chains { id } }`);
		// Whoever left before the end of the last answer would count as one who did not wait.
		const last = at === names.length - 1 ? 'connection: close\r\n' : '';
		socket.write(
			`GET /graphql?query=${query}&operationName=${name} HTTP/1.1\r\nhost: ${host}\r\n${last}\r\n`,
		);
	}
	expect((await text(socket)).split('HTTP/1.1 200')).toHaveLength(names.length + 1);
}
