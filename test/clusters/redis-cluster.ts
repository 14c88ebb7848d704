import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { passwordOf, portOf, privateFolder } from '../../ops/services/folder.ts';
import { startRedis } from '../../ops/services/redis.ts';
import type { RunningService } from '../../ops/services/service.ts';

export type RedisClusterSet = {
	/** Three primaries, then the replica of each in the same order. */
	nodes: readonly RunningService[];
	/** Names all of them, with their credentials. */
	url: string;
	stop(): Promise<void>;
};

const primaries = 3;
const slots = 16_384;

/** Starts a Redis Cluster of three primaries with a replica each, which notices a loss within two seconds. */
export async function startRedisCluster(folder: string): Promise<RedisClusterSet> {
	privateFolder(folder);
	const stack = new AsyncDisposableStack();
	const password = passwordOf(folder);
	try {
		const nodes = await Promise.all(
			Array.from({ length: 2 * primaries }, async (_, index) => {
				const own = join(folder, `node-${index + 1}`);
				privateFolder(own);
				const bus = await portOf(own, 'bus-port');
				const settings = [
					...['cluster-enabled yes', `cluster-port ${bus}`, 'cluster-node-timeout 2000'],
					...[`masterauth ${password}`, 'repl-diskless-sync-delay 0'],
				];
				const service = await startRedis(own, { password, settings });
				stack.defer(() => service.stop());
				return { service, bus };
			}),
		);
		await form(nodes);
		const hosts = nodes.map(({ service }) => new URL(service.url).host).join(',');
		return {
			nodes: nodes.map(({ service }) => service),
			url: `redis+cluster://:${password}@${hosts}`,
			stop: () => stack.disposeAsync(),
		};
	} catch (error) {
		await stack.disposeAsync();
		throw error;
	}
}

async function form(nodes: readonly { service: RunningService; bus: number }[]): Promise<void> {
	const clients = nodes.map(({ service }) => new Redis(service.url));
	const all = <T>(work: (client: Redis, index: number) => Promise<T>) => {
		return Promise.all(clients.map(work));
	};
	const until = async (holds: (client: Redis) => Promise<boolean>) => {
		await all(async (client) => {
			while (!(await holds(client).catch(() => false))) await sleep(50);
		});
	};
	try {
		await all((client, index) => client.call('cluster', 'set-config-epoch', index + 1));
		const [first] = clients;
		for (const { service, bus } of nodes.slice(1)) {
			await first?.call('cluster', 'meet', '127.0.0.1', new URL(service.url).port, bus);
		}
		await until(async (client) => (await info(client)).includes(`known_nodes:${nodes.length}`));
		const share = Math.ceil(slots / primaries);
		const ids = await all(async (client, index) => {
			const last = Math.min(share * (index + 1), slots) - 1;
			if (index < primaries) await client.call('cluster', 'addslotsrange', share * index, last);
			return String(await client.call('cluster', 'myid'));
		});
		await all(async (client, index) => {
			if (index < primaries) return;
			const primary = ids[index - primaries] ?? '';
			// Not every node has heard of every other yet.
			while (await client.call('cluster', 'replicate', primary).then(...failed)) await sleep(50);
		});
		await until(async (client) => {
			const state = await info(client);
			const replication = await client.info('replication');
			const linked = !/role:slave/.test(replication) || /master_link_status:up/.test(replication);
			return linked && state.includes('cluster_state:ok') && state.includes(`slots_ok:${slots}`);
		});
	} finally {
		for (const client of clients) client.disconnect();
	}
}

const failed = [() => false, () => true] as const;

async function info(client: Redis): Promise<string> {
	return String(await client.call('cluster', 'info'));
}
