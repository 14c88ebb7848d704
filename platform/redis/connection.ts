import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Emit } from '../../domain/telemetry.ts';
import { patience } from '../../domain/wait.ts';
import { Subscriber } from './subscriber.ts';
import { openCluster, openClusterSubscriber, redisAddress } from './topology.ts';

export type RedisClient = Redis | Cluster;

export interface RedisConnections {
	/** For commands: fails at once while Redis is away, instead of keeping them in memory. */
	commands: RedisClient;
	/** For subscriptions alone; takes them up again by itself after an outage. */
	subscriber: Redis;
	ping(): Promise<void>;
	close(): void;
}

/** How long a sign of life may take, and how often one is asked for. */
export const aliveMs = 2_000;

const retryStrategy = (attempt: number) => Math.min(attempt * 100, 1_000);

const forCommands: RedisOptions = {
	enableOfflineQueue: false,
	enableAutoPipelining: true,
	maxRetriesPerRequest: 0,
	commandTimeout: aliveMs,
	connectTimeout: aliveMs,
	retryStrategy,
};

const forSubscriptions: RedisOptions = {
	// In subscriber mode the check's INFO is refused, and the subscription would be lost.
	enableReadyCheck: false,
	maxRetriesPerRequest: null,
	connectTimeout: aliveMs,
	retryStrategy,
};

/** Opens both connections and waits a while for them; goes on without, should Redis be away. */
export async function openRedis(url: string, emit: Emit): Promise<RedisConnections> {
	const { commands, subscriber } = open(url);
	subscriber.on('refused', (error) => emit({ type: 'message.unreadable', where: 'feed', error }));
	watch(commands, emit);
	keepAlive(commands, aliveMs);
	keepAlive(subscriber, aliveMs);
	subscriber.on('error', () => {
		// Reported by the other connection, which goes to the same server.
	});
	await Promise.all([opened(commands), opened(subscriber)]);
	// By then a cluster's nodes go by the addresses that they announce, and those of the URL have been left.
	if (commands instanceof Cluster) await ping(commands).catch(() => {});
	return {
		commands,
		subscriber,
		ping: () => ping(commands),
		close() {
			commands.disconnect();
			subscriber.disconnect();
		},
	};
}

function open(url: string): Pick<RedisConnections, 'commands' | 'subscriber'> {
	const address = redisAddress(url);
	switch (address.kind) {
		case 'one':
			return {
				commands: new Redis(url, forCommands),
				subscriber: new Subscriber(forSubscriptions, url),
			};
		case 'sentinel': {
			// Not with `failoverDetector`: informed of a fail-over while it connects, a connection would end for good.
			const options: RedisOptions = {
				...address.options,
				sentinelCommandTimeout: aliveMs,
				// A master that has become a replica is left.
				reconnectOnError: ({ message }) => message.includes('READONLY'),
			};
			return {
				commands: new Redis({ ...options, ...forCommands }),
				subscriber: new Subscriber({ ...options, ...forSubscriptions }),
			};
		}
		case 'cluster': {
			const { nodes, options } = address;
			const timing = { retryStrategy, aliveMs };
			const commands = openCluster(nodes, { ...options, ...forCommands }, timing);
			const subscriber = openClusterSubscriber(commands, nodes, {
				...options,
				...forSubscriptions,
			});
			return { commands, subscriber };
		}
	}
}

/** Every part of a cluster has to answer. */
async function ping(commands: RedisClient): Promise<void> {
	const masters = commands instanceof Cluster ? commands.nodes('master') : [commands];
	if (masters.length === 0) throw new Error('no node of the Redis Cluster is known');
	await Promise.all(masters.map((master) => master.ping()));
}

function watch(redis: RedisClient, emit: Emit): void {
	let up: boolean | null = null;
	let lastError: unknown;
	redis.on('error', (error) => {
		lastError = error;
	});
	redis.on('ready', () => {
		if (up === false) emit({ type: 'redis.connection', state: 'up' });
		up = true;
	});
	redis.on('reconnecting', () => {
		if (up !== false) emit({ type: 'redis.connection', state: 'down', error: lastError });
		up = false;
	});
}

/** Waits a while for a connection; goes on without it, should Redis be away. */
export async function opened(redis: RedisClient): Promise<void> {
	if (redis.status === 'ready') return;
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, 5_000);
	redis.once('ready', resolve);
	await promise;
	clearTimeout(timer);
	redis.off('ready', resolve);
}

/**
 * Asks a connection for a sign of life every `ms`, and connects anew where none comes within `ms`: a
 * peer that hangs, or is lost without a word, is noticed although nothing is asked of it. Of a cluster, each node.
 */
export function keepAlive(redis: Redis | Cluster, ms: number): void {
	if (redis instanceof Cluster) redis.on('+node', (node: Redis) => beatOf(node, ms));
	else beatOf(redis, ms);
}

function beatOf(redis: Redis, ms: number): void {
	const ended = new AbortController();
	let asked = false;

	async function beat(): Promise<void> {
		if (asked || redis.status !== 'ready') return;
		asked = true;
		let answered = false;
		const answer = redis.ping().then(
			() => {
				answered = true;
			},
			() => {},
		);
		await patience(answer, ms, ended.signal);
		// After a standstill of this very process the time is over before the answer that waits is read.
		if (!answered) await new Promise(setImmediate);
		asked = false;
		// Still the connection that was asked: another one would have settled the ping.
		if (!answered && redis.status === 'ready') redis.disconnect(true);
	}

	const timer = setInterval(() => void beat(), ms);
	timer.unref();
	redis.once('end', () => {
		clearInterval(timer);
		ended.abort();
	});
}
