import { join as joined } from 'node:path';
import { passwordOf, portOf, privateFolder, writePrivate } from '../../ops/services/folder.ts';
import { endProcess } from '../../ops/services/processes.ts';
import { type RunningNode, startEpmd, startRabbitmqNode } from '../../ops/services/rabbitmq.ts';
import { endEarlier } from '../../ops/services/service.ts';

export type RabbitmqCluster = {
	nodes: readonly RunningNode[];
	/** All of them in one URL, with its credentials; the node of that index first. */
	url(first?: number): string;
	/** The index of the node that leads a quorum queue now. */
	leader(queue: string): Promise<number>;
	stop(): Promise<void>;
};

const size = 3;
const names = Array.from({ length: size }, (_, index) => `verifeed${index + 1}@localhost` as const);

/** Starts three nodes of one RabbitMQ cluster on loopback. Slow: each boots for seconds. */
export async function startRabbitmqCluster(folder: string): Promise<RabbitmqCluster> {
	privateFolder(folder);
	const password = passwordOf(folder);
	const cookie = passwordOf(folder, 'cookie');
	const epmdPort = await portOf(folder, 'epmd-port');
	const epmd = await startEpmd(folder, epmdPort);

	async function start(name: (typeof names)[number]): Promise<RunningNode> {
		const own = joined(folder, name);
		privateFolder(own);
		await endEarlier(own);
		writePrivate(own, '.erlang.cookie', cookie);
		const ports = {
			amqp: await portOf(own, 'port'),
			distribution: await portOf(own, 'distribution-port'),
			epmd: epmdPort,
		};
		const node = { folder: own, name, ports, password, settings: [], plugins: [] };
		return startRabbitmqNode(node);
	}

	const started = await Promise.allSettled(names.map(start));
	const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	async function stop() {
		await Promise.all(nodes.map((node) => node.kill('SIGKILL')));
		await endProcess(epmd, 1_000);
	}
	const failed = started.find((one) => one.status === 'rejected');
	if (failed) {
		await stop();
		throw failed.reason;
	}
	// Peer discovery would do, but its nodes wait for each other's locks for 20 s and more.
	for (const node of nodes.slice(1)) await join(node);
	return {
		nodes,
		url(first = 0) {
			const order = nodes.map((_, index) => nodes[(first + index) % size]);
			const hosts = order.map((node) => new URL(node?.url ?? '').host);
			return `amqp://verifeed:${password}@${hosts.join(',')}`;
		},
		async leader(queue) {
			const name = `rabbit_misc:r(<<"/">>, queue, <<"${queue}">>)`;
			const ask = `amqqueue:get_pid(element(2, rabbit_amqqueue:lookup(${name})))`;
			const answers = await Promise.all(nodes.map((node) => node.call(ask).catch(() => '')));
			// A quorum queue's is a pair: its name in Ra, and the node that leads.
			const led = /\{.*,\s*(verifeed\d@localhost)\}\}/.exec(answers.find(Boolean) ?? '');
			return names.findIndex((name) => led?.includes(name));
		},
		stop,
	};
}

async function join({ call }: RunningNode): Promise<void> {
	const steps = [
		'rabbit:stop()',
		`rabbit_mnesia:join_cluster('${names[0]}', disc)`,
		'rabbit:start()',
	];
	await call(steps.join(', '));
}
