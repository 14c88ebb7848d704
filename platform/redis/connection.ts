import { Redis } from 'ioredis';
import type { Reporter } from '../../domain/reporter.ts';
import { keepAlive } from './heartbeat.ts';
import { makePatient } from './patient-subscriber.ts';

export interface RedisConnections {
	/** For commands: fails at once while Redis is away, instead of keeping them in memory. */
	commands: Redis;
	/** For subscriptions alone; takes them up again by itself after an outage. */
	subscriber: Redis;
	ping(): Promise<void>;
	close(): void;
}

/** How long a sign of life may take, and how often one is asked for. */
export const aliveMs = 2_000;

const retryStrategy = (attempt: number) => Math.min(attempt * 100, 2_000);

/** Opens both connections and waits a while for them; goes on without, should Redis be away. */
export async function openRedis(url: string, reporter: Reporter): Promise<RedisConnections> {
	const commands = new Redis(url, {
		enableOfflineQueue: false,
		enableAutoPipelining: true,
		maxRetriesPerRequest: 0,
		commandTimeout: aliveMs,
		connectTimeout: aliveMs,
		retryStrategy,
	});
	const subscriber = new Redis(url, {
		// In subscriber mode the check's INFO is refused, and the subscription would be lost.
		enableReadyCheck: false,
		// See `makePatient`.
		autoResubscribe: false,
		maxRetriesPerRequest: null,
		connectTimeout: aliveMs,
		retryStrategy,
	});
	makePatient(subscriber, reporter);
	watch(commands, reporter);
	keepAlive(commands, aliveMs);
	keepAlive(subscriber, aliveMs);
	subscriber.on('error', () => {
		// Told of by the other connection, which goes to the same server.
	});
	await Promise.all([opened(commands), opened(subscriber)]);
	return {
		commands,
		subscriber,
		async ping() {
			await commands.ping();
		},
		close() {
			commands.disconnect();
			subscriber.disconnect();
		},
	};
}

function watch(redis: Redis, reporter: Reporter): void {
	let up: boolean | null = null;
	let lastError: unknown;
	redis.on('error', (error) => {
		lastError = error;
	});
	redis.on('ready', () => {
		if (up === false) reporter.connection('redis', 'up');
		up = true;
	});
	redis.on('reconnecting', () => {
		if (up !== false) reporter.connection('redis', 'down', lastError);
		up = false;
	});
}

/** Waits a while for a connection; goes on without it, should Redis be away. */
export async function opened(redis: Redis): Promise<void> {
	if (redis.status === 'ready') return;
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, 5_000);
	redis.once('ready', resolve);
	await promise;
	clearTimeout(timer);
	redis.off('ready', resolve);
}
