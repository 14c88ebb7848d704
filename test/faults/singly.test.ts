import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { expect } from 'vitest';
import { all, ask, watch, watchMany, watchOne } from '../harness/client.ts';
import { verified } from '../harness/contracts.ts';
import { systemTest } from '../harness/fixture.ts';

const test = systemTest();

const submit = `mutation ($address: Address!) { submitContract(address: $address) { status version } }`;
const submitMany = `mutation ($addresses: [Address!]!) {
	submitContracts(addresses: $addresses) { status }
}`;

/** For a job that one worker is to finish, or to give back, however slow the machine. */
const longLease = { LEASE_MS: '60000' };

test('a worker killed in mid-download has its job finished by another', async ({
	system,
	server,
}) => {
	const doomed = await system.worker();
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	await ask(server.url, submit, { address });
	await held.arrived;
	// Killed before its lease ends by itself, however slow the machine.
	doomed.signal('SIGKILL');
	await doomed.exit;
	const other = await system.worker();
	held.release();
	const events = await all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }));
	expect(events.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual([
		'CREATED 0',
		'PROCESS 1',
		'PROCESS 2',
		'SUCCESS 2',
	]);
	expect(system.emulator.calls(1, address)).toBe(2);
	await other.stop();
});

test('a worker that stops gives its download back, and another goes on at once', async ({
	system,
	server,
}) => {
	const leaving = await system.worker({ SHUTDOWN_MS: '2000', ...longLease });
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	await ask(server.url, submit, { address });
	await held.arrived;
	expect(await leaving.stop()).toBe(0);
	const worker = await system.worker();
	const events = await all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }));
	expect(events.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual([
		'CREATED 0',
		'PROCESS 1',
		'PROCESS 1',
		'PROCESS 2',
		'SUCCESS 2',
	]);
	held.release();
	await worker.stop();
});

test('a worker that stops finishes what it can', async ({ system, server }) => {
	const worker = await system.worker({ SHUTDOWN_MS: '60000', ...longLease });
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	await ask(server.url, submit, { address });
	await held.arrived;
	const stopped = worker.stop();
	held.release();
	expect(await stopped).toBe(0);
	const events = await all(watch('ws', server.url, watchOne, { address }));
	expect(events.at(-1)).toMatchObject({ status: 'SUCCESS', version: 3 });
});

test('several workers and their sweepers share the work without doing any of it twice', async ({
	system,
	server,
}) => {
	const addresses = Array.from({ length: 80 }, () => verified(system.emulator));
	// Every message is lost, so that all of them are due for the sweepers at once.
	await ask(server.url, submitMany, { addresses });
	await system.vhost.api('DELETE', `queues/${system.vhost.name}/contracts.download/contents`);
	const workers = await Promise.all([1, 2, 3].map(() => system.worker(longLease)));
	const events = await all(watch('ws', server.url, watchMany, { addresses }));
	expect(events.filter(({ status }) => status === 'SUCCESS')).toHaveLength(80);
	expect(addresses.map((address) => system.emulator.calls(1, address))).toEqual(
		addresses.map(() => 1),
	);
	await Promise.all(workers.map((worker) => worker.stop()));
});

test('jobs that the queue has lost after a long wait are not left until they would be due', async ({
	system,
	server,
}) => {
	const addresses = Array.from({ length: 10 }, () => verified(system.emulator));
	await ask(server.url, submitMany, { addresses });
	await system.database.query(
		"update contracts set due_at = utc_timestamp() + interval 9 minute where status = 'CREATED'",
	);
	await system.vhost.api('DELETE', `queues/${system.vhost.name}/contracts.download/contents`);
	const worker = await system.worker();
	const events = await all(watch('ws', server.url, watchMany, { addresses }));
	expect(events.filter(({ status }) => status === 'SUCCESS')).toHaveLength(10);
	await worker.stop();
});

test('a job that the queue has lost after its worker died is not left either', async ({
	system,
	server,
}) => {
	const doomed = await system.worker();
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	await ask(server.url, submit, { address });
	await held.arrived;
	doomed.signal('SIGKILL');
	await doomed.exit;
	held.release();
	// As a sweeper leaves it that has published it again and again.
	await system.database.query(
		"update contracts set updated_at = utc_timestamp() - interval 5 minute, due_at = utc_timestamp() + interval 5 minute where status = 'PROCESS'",
	);
	await system.vhost.api('DELETE', `queues/${system.vhost.name}/contracts.download/contents`);
	const worker = await system.worker();
	const events = await all(watch('ws', server.url, watchOne, { address, afterVersion: 2 }));
	expect(events.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual([
		'PROCESS 2',
		'SUCCESS 2',
	]);
	await worker.stop();
});

test('a download outlives the loss of every database connection', async ({ system }) => {
	const [server, worker] = await Promise.all([system.server(), system.worker(longLease)]);
	const address = verified(system.emulator);
	const held = system.emulator.hold(1, address);
	await ask(server.url, submit, { address });
	const events = all(watch('ws', server.url, watchOne, { address, afterVersion: 0 }));
	await held.arrived;
	const connections = await system.database.query<{ id: number }>(
		'select id from information_schema.processlist where db = database() and id <> connection_id()',
	);
	expect(connections.length).toBeGreaterThan(0);
	// One that is gone by itself is as good.
	for (const { id } of connections) await system.database.query(`kill ${id}`).catch(() => {});
	held.release();
	expect((await events).map(({ status, attempt }) => `${status} ${attempt}`)).toEqual([
		'CREATED 0',
		'PROCESS 1',
		'SUCCESS 1',
	]);
	await worker.stop();
	await server.stop();
});

test('a queue that is deleted under its workers is declared again, and no contract is lost', async ({
	system,
}) => {
	const [server, worker] = await Promise.all([system.server(), system.worker()]);
	await system.vhost.api('DELETE', `queues/${system.vhost.name}/contracts.download`);
	const addresses = Array.from({ length: 10 }, () => verified(system.emulator));
	await ask(server.url, submitMany, { addresses });
	const events = await all(watch('ws', server.url, watchMany, { addresses }));
	expect(events.filter(({ status }) => status === 'SUCCESS')).toHaveLength(10);
	const queue = await system.vhost.api<{ consumers: number }>(
		'GET',
		`queues/${system.vhost.name}/contracts.download?disable_stats=true&enable_queue_totals=true`,
	);
	expect(queue).not.toBeNull();
	expect(await worker.stop()).toBe(0);
	expect(await server.stop()).toBe(0);
});

test('a message that cannot be read goes to the dead letters, and the next is worked on', async ({
	system,
	server,
}) => {
	const worker = await system.worker();
	const connection = await connect(system.vhost.url);
	const channel = await connection.createConfirmChannel();
	const bad = ['no json', '{}', '{"chainId":1,"address":"0x12","version":1}', ''];
	for (const text of bad) channel.sendToQueue('contracts.download', Buffer.from(text));
	await channel.waitForConfirms();
	const address = verified(system.emulator);
	await ask(server.url, submit, { address });
	const events = await all(watch('ws', server.url, watchOne, { address }));
	expect(events.at(-1)?.status).toBe('SUCCESS');
	const dead: string[] = [];
	await channel.consume('contracts.dead', (message) => {
		if (message) dead.push(message.content.toString());
	});
	while (dead.length < bad.length) await sleep(20);
	expect(dead.sort()).toEqual(bad.sort());
	await connection.close();
	await worker.stop();
});
