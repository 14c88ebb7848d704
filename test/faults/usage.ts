import { type ProcessName, processNames } from './links.ts';
import type { ProcessUsage } from './process-command.ts';
import type { ProxiedSystem } from './proxied-system.ts';

/** What the system holds at one moment. */
export interface Usage {
	mysql: number;
	redis: number;
	/** Redis channels that somebody listens to. */
	channels: readonly string[];
	rabbitmqConnections: number;
	rabbitmqChannels: number;
	/** Of clients, over the proxies. */
	clients: number;
	processes: Readonly<Record<ProcessName, ProcessUsage>>;
}

export async function measureUsage(system: ProxiedSystem): Promise<Usage> {
	const { database, redisClient, broker } = system.services;
	const [row] = await database.query<{ count: number }>(
		'select count(*) count from information_schema.processlist where user = ?',
		[database.user.name],
	);
	const clients = String(await redisClient.client('LIST'))
		.trim()
		.split('\n');
	const channels = await redisClient.pubsub('CHANNELS');
	const [server1, server2, worker1, worker2] = await Promise.all(
		processNames.map((name) => system.processes[name].look()),
	);
	if (!server1 || !server2 || !worker1 || !worker2) throw new Error('a process did not answer');
	return {
		mysql: row?.count ?? 0,
		redis: clients.filter((line) => !line.includes('name=harness')).length,
		channels: channels.map(String),
		rabbitmqConnections: (await broker<unknown[]>('GET', 'connections'))?.length ?? 0,
		rabbitmqChannels: (await broker<unknown[]>('GET', 'channels'))?.length ?? 0,
		clients: system.links.all
			.filter(({ from }) => from === 'clients')
			.reduce((sum, { proxy }) => sum + proxy.open, 0),
		processes: {
			'server-1': server1,
			'server-2': server2,
			'worker-1': worker1,
			'worker-2': worker2,
		},
	};
}

const megabyte = 1024 * 1024;

/** How the later one is more than the earlier one allows, in sentences; none where it is back. */
export function excess(before: Usage, now: Usage, mysqlMost: number) {
	const connections: string[] = [];
	const compare = (what: string, had: number, has: number) => {
		if (has > had) connections.push(`${what}: ${had} before, ${has} now`);
	};
	// A pool grows with the load and keeps what it has.
	compare('MySQL connections', Math.max(before.mysql, mysqlMost), now.mysql);
	compare('Redis connections', before.redis, now.redis);
	compare('Redis channels', 0, now.channels.length);
	compare('RabbitMQ connections', before.rabbitmqConnections, now.rabbitmqConnections);
	compare('RabbitMQ channels', before.rabbitmqChannels, now.rabbitmqChannels);
	compare('connections of clients', 0, now.clients);
	const memory: string[] = [];
	for (const name of processNames) {
		const had = before.processes[name];
		const has = now.processes[name];
		compare(`sockets of ${name}`, had.sockets + mysqlMost, has.sockets);
		compare(`timers of ${name}`, had.timers + 20, has.timers);
		if (has.heap > had.heap * 1.25 + 15 * megabyte)
			memory.push(grown(name, 'heap', had.heap, has.heap));
		if (has.rss > had.rss * 1.5 + 100 * megabyte) memory.push(grown(name, 'RSS', had.rss, has.rss));
	}
	return { connections, memory };
}

function grown(name: string, what: string, had: number, has: number): string {
	return `${what} of ${name}: ${inMegabytes(had)} MB before, ${inMegabytes(has)} MB now`;
}

export function inMegabytes(bytes: number): number {
	return Math.round(bytes / megabyte);
}
