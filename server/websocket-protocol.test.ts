import { buildSchema, graphql } from 'graphql';
import { makeServer } from 'graphql-ws';
import { expect, test } from 'vitest';
import { ProtocolConnection } from './websocket-protocol.ts';

const schema = buildSchema('type Query { a: Int }');
const rootValue = { a: 1 };

/** What a server did: texts that it sent, `<code> <reason>` of a closing, and `fault` where it threw. */
interface Server {
	did: string[];
	receive(text: string): Promise<unknown>;
}

function socketOf(did: string[]) {
	return { close: (code: number, reason: string) => void did.push(`${code} ${reason}`) };
}

function ours(): Server {
	const did: string[] = [];
	const socket = { ...socketOf(did), send: (text: string) => void did.push(text) };
	const connection = new ProtocolConnection(socket, {
		admit: () => true,
		async run(exchange, { query, variables }) {
			const result = await graphql({ schema, rootValue, source: query, variableValues: variables });
			if (!result.data) return exchange.fail(result.errors ?? []);
			exchange.next(result);
			exchange.complete();
		},
	});
	return { did, receive: async (text) => connection.receive(text) };
}

function theirs(): Server {
	const did: string[] = [];
	let receive = async (_: string) => {};
	const server = makeServer({ schema, roots: { query: rootValue } });
	server.opened(
		{
			...socketOf(did),
			protocol: 'graphql-transport-ws',
			send: async (text) => void did.push(text),
			onMessage(take) {
				receive = take;
			},
		},
		{},
	);
	return { did, receive: (text) => receive(text) };
}

async function play(server: Server, texts: readonly string[]): Promise<string[]> {
	for (const text of texts) await server.receive(text).catch(() => server.did.push('fault'));
	return server.did;
}

const init = '{"type":"connection_init","payload":{"token":"a"}}';
const ask = (id: unknown, query: unknown = '{ a }', more = {}) =>
	JSON.stringify({ id, type: 'subscribe', payload: { query, ...more } });

test.each<[string, string[]]>([
	['an operation', [init, ask('1')]],
	['an id that is free again', [init, ask('1'), ask('1')]],
	['pings', ['{"type":"ping"}', '{"type":"ping","payload":{"a":[1]}}', '{"type":"pong"}', init]],
	['an operation before the beginning', [ask('1')]],
	['a second beginning', [init, init]],
	['no JSON', ['{']],
	['a list', [init, '[]']],
	['a text', [init, '"ping"']],
	['no type', [init, '{}']],
	['an unknown type', [init, '{"type":"start","id":"1"}']],
	['a payload that is none', ['{"type":"ping","payload":1}']],
	['no id', [init, ask(undefined)]],
	['an empty id', [init, ask('')]],
	['an id that is a number', [init, ask(1)]],
	['no query', [init, ask('1', null)]],
	['variables that are none', [init, ask('1', '{ a }', { variables: [] })]],
	['a name that is none', [init, ask('1', '{ a }', { operationName: 1 })]],
	['an operation that is invalid', [init, ask('1', '{ b }'), ask('2')]],
	['the end of what is not there', [init, '{"id":"1","type":"complete"}', ask('1')]],
	['what only a server says', [init, '{"id":"1","type":"next","payload":{}}']],
	['an acknowledgement', [init, '{"type":"connection_ack"}']],
])('%s is met as graphql-ws meets it', async (_, texts) => {
	expect(await play(ours(), texts)).toEqual(await play(theirs(), texts));
});

test('an id that is in use is refused, and its operation answered to nobody once the client has left it', async () => {
	const [did, answers] = [[] as string[], [] as (() => void)[]];
	const socket = { ...socketOf(did), send: (text: string) => void did.push(text) };
	const connection = new ProtocolConnection(socket, {
		admit: () => true,
		async run(exchange) {
			const { promise, resolve } = Promise.withResolvers<void>();
			answers.push(resolve);
			await promise;
			did.push(`waited for: ${exchange.isOpen}`);
			exchange.complete();
		},
	});
	await connection.receive(init);
	const first = connection.receive(ask('1'));
	await connection.receive(ask('1'));
	await connection.receive('{"id":"1","type":"complete"}');
	const second = connection.receive(ask('1'));
	for (const answer of answers) answer();
	await Promise.all([first, second]);
	expect(did).toEqual([
		'{"type":"connection_ack"}',
		'4409 Subscriber for 1 already exists',
		'waited for: false',
		'waited for: true',
		'{"id":"1","type":"complete"}',
	]);
});
