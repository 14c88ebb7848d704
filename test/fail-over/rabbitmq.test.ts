import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RabbitmqCluster, startRabbitmqCluster } from '../clusters/rabbitmq-cluster.ts';
import { openSystem, type System } from '../harness/system.ts';
import { describe } from './figures.ts';
import { patience, times, underLoad } from './load.ts';

const queue = 'contracts.download';
const stack = new AsyncDisposableStack();
let cluster: RabbitmqCluster;
let system: System;

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'verifeed-brokers-'));
	stack.defer(() => rm(folder, { recursive: true, force: true }));
	cluster = await startRabbitmqCluster(folder);
	stack.defer(() => cluster.stop());
	system = stack.use(await openSystem({ env: { ...times, RABBITMQ_URL: cluster.url() } }));
}, patience);
afterAll(() => stack.disposeAsync());

test(
	'the node that leads the queue is killed under load, and nothing is lost',
	async () => {
		const server = await system.server();
		const leader = await cluster.leader(queue);
		// One loses its connection, the other one the leader of the queue that it consumes.
		const workers = [
			await system.worker({ RABBITMQ_URL: cluster.url(leader) }),
			await system.worker({ RABBITMQ_URL: cluster.url(leader + 1) }),
		];
		const figures = await underLoad(system, [server.url], async () => {
			await cluster.nodes[leader]?.kill('SIGKILL');
		});
		console.log(describe("RabbitMQ cluster, the queue's leader killed", figures));
		const left = cluster.nodes[(leader + 1) % 3];
		await expectLimited(left?.url ?? '');
		expect(await cluster.leader(queue)).not.toBe(leader);
		for (const worker of workers) expect(await worker.stop()).toBe(0);
	},
	patience,
);

/** A declaration that differs is refused, so one that passes shows how the queue was declared. */
async function expectLimited(url: string): Promise<void> {
	const connection = await connect(url);
	const channel = await connection.createChannel();
	const declared = await channel.assertQueue(queue, {
		durable: true,
		arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 20 },
		deadLetterExchange: '',
		deadLetterRoutingKey: 'contracts.dead',
	});
	await connection.close();
	// The broker counts the consumers of a node that is gone as well.
	expect(declared.consumerCount).toBeGreaterThanOrEqual(2);
}
