import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import type { Emit } from '../domain/telemetry.ts';
import { type DeadLetter, walkDeadLetters } from '../ops/admin/dead-letters.ts';
import { openBroker } from '../platform/rabbitmq/connection.ts';
import { openCallLimits } from '../platform/redis/call-limits.ts';
import { accountsOf } from '../sources/turns.ts';
import { answerAdmin, runAdmin } from './harness/admin.ts';
import { all, ask, watch, watchMany, watchOne } from './harness/client.ts';
import { randomAddress, verified } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import { type ServerProcess, type System, secretKey } from './harness/system.ts';

const submit = `mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { status version } }`;
const silent: Emit = () => {};

const test = systemTest();

const admin = (system: System, ...args: string[]) => runAdmin(system, args);

/** Submitted while no worker runs, and due at no time that a sweeper meets. */
async function submitted(
	system: System,
	server: ServerProcess,
	...addresses: string[]
): Promise<void> {
	await ask(server.url, submit, { addresses });
	await system.database.query(
		`update contracts set due_at = '2100-01-01' where status = 'CREATED'`,
	);
}

/** Makes letters of what waits in the queue, and of these texts behind it, as a worker refuses them. */
async function refuse(system: System, count: number, ...texts: string[]): Promise<void> {
	const connection = await connect(system.vhost.url);
	const channel = await connection.createConfirmChannel();
	for (const text of texts) channel.sendToQueue('contracts.download', Buffer.from(text));
	await channel.waitForConfirms();
	for (let left = count + texts.length; left > 0; ) {
		const message = await channel.get('contracts.download');
		if (!message) continue;
		channel.nack(message, false, false);
		left -= 1;
	}
	while ((await channel.checkQueue('contracts.dead')).messageCount < count + texts.length) {
		await sleep(20);
	}
	await connection.close();
}

/** One that a worker gave up in the past. */
async function letter(system: System, job: object): Promise<void> {
	const connection = await connect(system.vhost.url);
	const channel = await connection.createConfirmChannel();
	channel.sendToQueue('contracts.dead', Buffer.from(JSON.stringify(job)));
	await channel.waitForConfirms();
	await connection.close();
}

async function letters(system: System): Promise<DeadLetter[]> {
	const broker = await openBroker(system.vhost.url, silent, 'publisher');
	const found: DeadLetter[] = [];
	await walkDeadLetters(broker, async (letter) => {
		found.push(letter);
		return 'keep';
	});
	await broker.close();
	return found;
}

describe('dead letters', () => {
	let address: string;

	test.beforeAll(async ({ system, server }) => {
		address = verified(system.emulator);
		await submitted(system, server, address);
		await refuse(system, 1, 'no json', '\u001b[2J{"chainId":1}', 'x'.repeat(5_000));
	});

	test('are listed with their reason and what became of their contract, and stay', async ({
		system,
	}) => {
		const listed = await admin(system, 'dead', 'list', '--json');
		expect(listed.code).toBe(0);
		const { letters: shown } = listed.json<{ letters: Record<string, unknown>[] }>();
		expect(shown.map(({ reason, contractStands }) => [reason, contractStands])).toEqual([
			['rejected', 'CREATED version 1'],
			['rejected', 'unreadable'],
			['rejected', 'unreadable'],
			['rejected', 'unreadable'],
		]);
		expect(shown[0]).toMatchObject({ contract: `1:${address.toLowerCase()}`, version: 1 });
		expect(shown[2]).toMatchObject({ payload: '\\x1b[2J{"chainId":1}' });
		expect(String(shown[3]?.['payload']).length).toBeLessThan(300);
	});

	test('are all there and in order however often they are looked at', async ({ system }) => {
		const before = await letters(system);
		expect(before).toHaveLength(4);
		for (let looks = 0; looks < 30; looks += 1) expect(await letters(system)).toEqual(before);
	});

	test('are requeued by making their contracts due; what cannot be read stays', async ({
		system,
		server,
	}) => {
		const requeued = await admin(system, 'dead', 'requeue', '--all', '--json');
		expect(requeued.json()).toEqual({
			...{ due: 1, underWay: 0, finished: 0 },
			...{ unreadable: 3, unknown: 0 },
		});
		const worker = await system.worker();
		const events = await all(watch('ws', server.url, watchOne, { address }));
		expect(events.at(-1)?.status).toBe('SUCCESS');
		await worker.stop();
		expect(await letters(system)).toHaveLength(3);
	});

	test('of what a worker downloads now are taken away, and the download goes on', async ({
		system,
		server,
	}) => {
		const held = verified(system.emulator);
		const grip = system.emulator.hold(1, held);
		const worker = await system.worker({ LEASE_MS: '60000' });
		await submitted(system, server, held);
		await grip.arrived;
		await letter(system, { chainId: 1, address: held, version: 1 });
		const requeued = await runAdmin(system, ['dead', 'requeue', '--all', '--json'], {
			LEASE_MS: '60000',
		});
		expect(requeued.json()).toMatchObject({ due: 0, underWay: 1, unreadable: 3 });
		grip.release();
		const watching = { address: held, afterVersion: 0 };
		const events = await all(watch('ws', server.url, watchOne, watching));
		expect(events.map(({ status }) => status)).toEqual(['CREATED', 'PROCESS', 'SUCCESS']);
		await worker.stop();
	});

	test('are dropped by their ids, and only after a yes', async ({ system }) => {
		const [first] = await letters(system);
		const unasked = await admin(system, 'dead', 'drop', '--all');
		expect(unasked).toMatchObject({ code: 2, stdout: '' });
		expect(unasked.stderr).toContain('--yes');
		const no = await answerAdmin(system, ['dead', 'drop', '--all'], 'n');
		expect(no).toMatchObject({ code: 2, screen: expect.stringContaining('Nothing was changed') });
		expect(await letters(system)).toHaveLength(3);
		const yes = await answerAdmin(system, ['dead', 'drop', '--id', first?.id ?? ''], 'y');
		expect(yes).toMatchObject({ code: 0, screen: expect.stringContaining('1 dropped') });
		expect(await letters(system)).toHaveLength(2);
	});
});

describe('contracts', () => {
	test('that nobody sees to are shown, and made due', async ({ system, server }) => {
		const address = verified(system.emulator);
		const name = `1:${address.toLowerCase()}`;
		await submitted(system, server, address);
		await system.database.query(
			`update contracts set due_at = '2020-01-01', updated_at = '2020-01-01' where status = 'CREATED'`,
		);
		const [late, status] = await Promise.all([
			admin(system, 'contracts', 'stuck', '--json'),
			admin(system, 'status', '--json'),
		]);
		expect(late.json()).toMatchObject({ contracts: [{ contract: name, why: 'unswept' }] });
		expect(status.json()).toMatchObject({
			contracts: { byStatus: { CREATED: 1 }, due: 1, stuck: 1 },
			queue: { consumers: 0 },
			down: [],
		});
		await submitted(system, server, address);
		const requeued = await admin(system, 'contracts', 'requeue', name, '--json');
		expect(requeued.json()).toMatchObject({ due: 1, submitted: 0, complete: true });
		const worker = await system.worker();
		const events = await all(watch('ws', server.url, watchOne, { address }));
		expect(events.at(-1)?.status).toBe('SUCCESS');
		await worker.stop();
	});

	test('in ERROR are submitted anew by a filter, as by any submission', async ({
		system,
		server,
	}) => {
		const addresses = Array.from({ length: 3 }, () => String(randomAddress()));
		const worker = await system.worker();
		await ask(server.url, submit, { addresses });
		await all(watch('ws', server.url, watchMany, { addresses }));
		const filter = ['contracts', 'requeue', '--error', 'NOT_VERIFIED', '--json'];
		const unasked = await admin(system, ...filter);
		expect(unasked).toMatchObject({ code: 2, stdout: '' });
		expect(unasked.stderr).toContain('Have 3 contracts downloaded?');
		const [address = ''] = addresses;
		const follow = watch('ws', server.url, watchOne, { address, afterVersion: 3 });
		const done = await admin(system, ...filter, '--yes');
		expect(done.json()).toMatchObject({ submitted: 3, due: 0, complete: true });
		const events = await all(follow);
		expect(events.map(({ version, status }) => `${version} ${status}`)).toEqual([
			'4 CREATED',
			'5 PROCESS',
			'6 ERROR',
		]);
		const shown = await admin(system, 'contracts', 'show', address, '--json');
		expect(shown.json<{ events: unknown[] }>().events).toHaveLength(6);
		await worker.stop();
	});
});

test('the suspension of a key is shown, and ends for the worker too that had it refused', async ({
	system,
}) => {
	const [account] = accountsOf('etherscan', [{ account: 'main', key: secretKey }]);
	const id = account?.keys[0]?.id ?? '';
	const redis = new Redis(system.env['REDIS_URL'] ?? '');
	const limits = await openCallLimits(redis, { processes: () => 1, close() {} }, silent);
	await limits.suspend(id, { state: 'refused', forMs: 600_000 });
	await limits.suspend('etherscan:main', { state: 'parked', forMs: 600_000 });
	const listed = await admin(system, 'keys', 'list', '--json');
	const key = id.split(':').at(-1);
	expect(listed.json()).toMatchObject({
		keys: [{ account: 'etherscan:main', key, stands: 'refused' }],
	});
	const woken = await admin(system, 'keys', 'wake', 'etherscan:main', '--json');
	expect(woken.json()).toMatchObject({ keys: [{ stands: 'in use', until: null }] });
	expect(await limits.suspensions([id, 'etherscan:main'])).toEqual([null, null]);
	await limits.suspend(id, { state: 'refused', forMs: 600_000 });
	expect(await limits.suspensions([id])).toMatchObject([{ state: 'refused' }]);
	await redis.del(`upstream:rests:${id}`);
	limits.close();
	redis.disconnect();
});

test('a service that is away is named, without its password', async ({ system }) => {
	const RABBITMQ_URL = 'amqp://a:hiddenpassword@127.0.0.1:1';
	const away = await runAdmin(system, ['dead', 'list'], { RABBITMQ_URL });
	expect(away).toMatchObject({ code: 1, stdout: '' });
	expect(away.stderr).toContain('RABBITMQ_URL');
	expect(away.stderr).not.toContain('hiddenpassword');
});
