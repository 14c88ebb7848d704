import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import WebSocket from 'ws';
import { all, ask, openWs, type Transport, watch, watchOne } from './harness/client.ts';
import { verified } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import type { System } from './harness/system.ts';

const test = systemTest();

async function channels(system: System): Promise<number> {
	return ((await system.redis.pubsub('CHANNELS')) as string[]).length;
}

async function untilChannels(system: System, count: number): Promise<void> {
	while ((await channels(system)) !== count) await sleep(20);
}

test.for<Transport>(['ws', 'sse'])(
	'an idle subscriber over %s who leaves leaves no channel',
	async (transport, { system, server }) => {
		const address = verified(system.emulator);
		const watching = watch(transport, server.url, watchOne, { address });
		const pending = watching.next().catch(() => null);
		await untilChannels(system, 1);
		await watching.leave();
		await untilChannels(system, 0);
		await pending;
	},
);

test('an idle subscriber whose connection breaks leaves no channel', async ({ system, server }) => {
	const address = verified(system.emulator);
	const { hostname, port } = new URL(server.url);
	const socket = connect(Number(port), hostname);
	const query = encodeURIComponent(
		`subscription { contractStatus(address: "${address}") { version } }`,
	);
	socket.write(
		`GET /graphql?query=${query} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`,
	);
	await untilChannels(system, 1);
	socket.resetAndDestroy();
	await untilChannels(system, 0);
});

test('a hundred who come and go on one connection, in the midst of attaching, leave nothing', async ({
	system,
	server,
}) => {
	const client = openWs(server.url);
	const addresses = Array.from({ length: 5 }, () => verified(system.emulator));
	const remaining = client.iterate({ query: watchOne, variables: { address: addresses[0] } });
	const kept = remaining.next().catch(() => null);
	for (let round = 0; round < 100; round += 1) {
		const address = addresses[round % addresses.length];
		const results = client.iterate({ query: watchOne, variables: { address } });
		const pending = results.next().catch(() => null);
		if (round % 3 === 0) await new Promise(setImmediate);
		await results.return?.();
		await pending;
	}
	await untilChannels(system, 1);
	await remaining.return?.();
	await kept;
	await untilChannels(system, 0);
	await client.dispose();
});

test('ids that are used again in one burst leave nothing behind when the connection ends', async ({
	system,
	server,
}) => {
	const socket = new WebSocket(
		`${server.url.replace('http', 'ws')}/graphql`,
		'graphql-transport-ws',
	);
	await new Promise((resolve) => socket.once('open', resolve));
	socket.send('{"type":"connection_init"}');
	await new Promise((resolve) => socket.once('message', resolve));
	for (let round = 0; round < 100; round += 1) {
		const variables = { address: verified(system.emulator) };
		socket.send(
			JSON.stringify({ id: '1', type: 'subscribe', payload: { query: watchOne, variables } }),
		);
		socket.send('{"id":"1","type":"complete"}');
	}
	const variables = { address: verified(system.emulator) };
	socket.send(
		JSON.stringify({ id: 'last', type: 'subscribe', payload: { query: watchOne, variables } }),
	);
	const name = `contract.status:1:${variables.address.toLowerCase()}`;
	while (((await system.redis.pubsub('NUMSUB', name)) as [string, number])[1] === 0) {}
	socket.terminate();
	await untilChannels(system, 0);
});

test('a text that cannot be parsed is answered, and the other subscriptions go on', async ({
	system,
	server,
}) => {
	const client = openWs(server.url);
	const open = client.iterate({
		query: watchOne,
		variables: { address: verified(system.emulator) },
	});
	const pending = open.next().catch(() => null);
	await untilChannels(system, 1);
	const wrong = client.iterate({ query: 'subscription {' });
	await expect(wrong.next()).rejects.toMatchObject([
		{ message: expect.stringContaining('Syntax') },
	]);
	expect(await channels(system)).toBe(1);
	await open.return?.();
	await pending;
	await client.dispose();
	await untilChannels(system, 0);
});

test('a connection carries a bounded number of subscriptions, and says so', async ({ system }) => {
	const bounded = await system.server({ MAX_SUBSCRIPTIONS_PER_CONNECTION: '3' });
	const client = openWs(bounded.url);
	const open = Array.from({ length: 3 }, () =>
		client.iterate({ query: watchOne, variables: { address: verified(system.emulator) } }),
	);
	const pending = open.map((results) => results.next().catch(() => null));
	await untilChannels(system, 3);
	const refused = client.iterate({
		query: watchOne,
		variables: { address: verified(system.emulator) },
	});
	const { value } = await refused.next();
	expect(value?.errors?.[0]).toMatchObject({ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } });
	await Promise.all(open.map((results) => results.return?.()));
	await Promise.all(pending);
	await untilChannels(system, 0);
	await client.dispose();
	await bounded.stop();
});

test('a subscriber misses nothing while Redis is away', async ({ system, server }) => {
	const worker = await system.worker({ LEASE_MS: '60000' });
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	await ask(
		server.url,
		'mutation ($address: Address!) { submitContract(address: $address) { version } }',
		{
			address,
		},
	);
	const events = all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }));
	await held.arrived;
	await untilChannels(system, 1);
	// Every connection of Redis is cut, those of the subscriptions as well.
	await system.redis.client('KILL', 'TYPE', 'pubsub');
	held.release();
	expect((await events).map(({ version }) => version)).toEqual([1, 2, 3]);
	await worker.stop();
});

test('a subscription that Redis refuses ends no process: its events come from the database', async ({
	system,
	server,
}) => {
	await system.redis.call(
		'ACL',
		'SETUSER',
		'narrow',
		'on',
		'>narrow',
		'~*',
		'+@all',
		'resetchannels',
	);
	const url = new URL(system.env['REDIS_URL'] ?? '');
	url.username = 'narrow';
	url.password = 'narrow';
	const starting = [system.server({ REDIS_URL: url.href }), system.worker()] as const;
	const [narrow, worker] = await Promise.all(starting);
	const address = verified(system.emulator);
	const events = all(watch('ws', narrow.url, watchOne, { address, afterVersion: 0 }));
	await narrow.logged(({ where }) => where === 'feed');
	const submit = 'mutation ($address: Address!) { submitContract(address: $address) { version } }';
	await ask(server.url, submit, { address });
	expect((await events).map(({ version }) => version)).toEqual([1, 2, 3]);
	expect(await narrow.stop()).toBe(0);
	await worker.stop();
});
