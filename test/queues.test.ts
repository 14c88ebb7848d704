import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAddress } from '../domain/address.ts';
import type { Emit } from '../domain/telemetry.ts';
import { openBroker } from '../platform/rabbitmq/connection.ts';
import { consumeJobs } from '../platform/rabbitmq/consumer.ts';
import { openJobQueue } from '../platform/rabbitmq/job-queue.ts';
import { createVhost, type TestVhost } from './harness/services.ts';

const silent: Emit = () => {};
const queue = 'contracts.download';
const toDead = { deadLetterExchange: '', deadLetterRoutingKey: 'contracts.dead' };
const job = { chainId: 1, address: parseAddress(`0x${'ab'.repeat(20)}`), version: 1, trace: null };

let vhost: TestVhost;

beforeAll(async () => {
	vhost = await createVhost();
});
afterAll(() => vhost.drop());

interface Declared {
	type: string;
	arguments: Record<string, unknown>;
}

/** What the queue is, after a job has gone through it as the processes hand it on. */
async function goThrough(): Promise<Declared | null> {
	const broker = await openBroker(vhost.url, silent, 'publisher');
	const jobs = await openJobQueue(broker, silent);
	const arrived = Promise.withResolvers<void>();
	const handle = (delivery: { ack(): void }) => {
		delivery.ack();
		arrived.resolve();
	};
	const consumer = await consumeJobs(broker, 1, handle, silent);
	await jobs.publish([job], 'submitted');
	await arrived.promise;
	// Its answer comes after the acknowledgement has.
	await consumer.stop();
	await broker.close();
	const path = `queues/${vhost.name}/${queue}?disable_stats=true&enable_queue_totals=true`;
	return vhost.api<Declared>('GET', path);
}

test('the queue is a quorum queue that gives up a message after 20 deliveries', async () => {
	const declared = await goThrough();
	expect(declared?.type).toBe('quorum');
	expect(declared?.arguments).toMatchObject({ 'x-delivery-limit': 20 });
});

test.each([
	['a quorum queue without a limit', { arguments: { 'x-queue-type': 'quorum' }, ...toDead }],
	['a classic queue', toDead],
	['a queue like none of ours', { maxLength: 1_000 }],
])('%s that is there already is used as it is', async (_, options) => {
	const connection = await connect(vhost.url);
	const channel = await connection.createChannel();
	await channel.deleteQueue(queue);
	await channel.assertQueue(queue, { durable: true, ...options });
	await connection.close();
	const declared = await goThrough();
	expect(declared?.arguments).not.toHaveProperty('x-delivery-limit');
});

test('a message that was delivered too often goes to the dead letters', async () => {
	const connection = await connect(vhost.url);
	const channel = await connection.createConfirmChannel();
	await channel.deleteQueue(queue);
	await goThrough();
	channel.sendToQueue(queue, Buffer.from('poison'));
	await channel.waitForConfirms();
	let deliveries = 0;
	await channel.consume(queue, (message) => {
		deliveries += 1;
		if (message) channel.nack(message, false, true);
	});
	const dead = Promise.withResolvers<string>();
	await channel.consume('contracts.dead', (message) => {
		if (message) dead.resolve(message.content.toString());
	});
	expect(await dead.promise).toBe('poison');
	expect(deliveries).toBe(21);
	await connection.close();
});

test.each([
	['ok', {}],
	['nack', { arguments: { 'x-overflow': 'reject-publish', 'x-max-length': 0 } }],
	['returned', null],
	['unavailable', 'closed'],
] as const)('that a message came to be %s is reported', async (outcome, queueOptions) => {
	const connection = await connect(vhost.url);
	const channel = await connection.createChannel();
	const outcomes: string[] = [];
	const broker = await openBroker(vhost.url, silent, 'publisher');
	const jobs = await openJobQueue(broker, (event) => {
		if (event.type === 'message.published') outcomes.push(event.outcome);
	});
	if (queueOptions === 'closed') await broker.close();
	else {
		await channel.deleteQueue(queue);
		if (queueOptions) await channel.assertQueue(queue, { durable: true, ...queueOptions });
	}
	await jobs.publish([job], 'submitted').catch(() => {});
	expect(outcomes).toEqual([outcome]);
	await channel.deleteQueue(queue);
	await connection.close();
	if (queueOptions !== 'closed') await broker.close();
});

test('of a batch each message is reported with what became of it', async () => {
	const connection = await connect(vhost.url);
	const channel = await connection.createChannel();
	const outcomes: string[] = [];
	const broker = await openBroker(vhost.url, silent, 'publisher');
	const jobs = await openJobQueue(broker, (event) => {
		if (event.type === 'message.published') outcomes.push(event.outcome);
	});
	await channel.deleteQueue(queue);
	const full = { 'x-overflow': 'reject-publish', 'x-max-length': 2 };
	await channel.assertQueue(queue, { durable: true, arguments: full });
	const batch = Array.from({ length: 5 }, () => job);
	await expect(jobs.publish(batch, 'submitted')).rejects.toThrow('did not take the job');
	expect(outcomes.toSorted()).toEqual(['nack', 'nack', 'nack', 'ok', 'ok']);
	await channel.deleteQueue(queue);
	await connection.close();
	await broker.close();
});
