import { Redis } from 'ioredis';
import type { Reporter } from '../../domain/reporter.ts';

export interface RedisConnections {
	/** For commands: fails at once while Redis is away, instead of keeping them in memory. */
	commands: Redis;
	/** For subscriptions alone; takes them up again by itself after an outage. */
	subscriber: Redis;
	ping(): Promise<void>;
	close(): void;
}

const retryStrategy = (attempt: number) => Math.min(attempt * 100, 2_000);

/** Opens both connections and waits a while for them; goes on without, should Redis be away. */
export async function openRedis(url: string, reporter: Reporter): Promise<RedisConnections> {
	const commands = new Redis(url, {
		enableOfflineQueue: false,
		enableAutoPipelining: true,
		maxRetriesPerRequest: 0,
		commandTimeout: 2_000,
		connectTimeout: 2_000,
		retryStrategy,
	});
	const subscriber = new Redis(url, {
		// In subscriber mode the check's INFO is refused, and the subscription would be lost.
		enableReadyCheck: false,
		maxRetriesPerRequest: null,
		connectTimeout: 2_000,
		retryStrategy,
	});
	quietUnsubscribe(subscriber);
	patientSubscribe(subscriber, reporter);
	watch(commands, reporter);
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

/** The subscription library drops these promises: one that rejects at closing would end the process. */
function quietUnsubscribe(subscriber: Redis): void {
	for (const name of ['unsubscribe', 'punsubscribe'] as const) {
		const original = subscriber[name].bind(subscriber);
		subscriber[name] = (...channels: unknown[]) =>
			original(...channels.filter((channel) => typeof channel === 'string')).catch(() => {});
	}
}

/**
 * A subscription that Redis refuses is tried again until it is given up: the library would leave its
 * rejection to nobody, and end the process. Followers read the database meanwhile.
 */
function patientSubscribe(subscriber: Redis, reporter: Reporter): void {
	const wanted = new Set<string>();
	const subscribe = subscriber.subscribe.bind(subscriber);
	const unsubscribe = subscriber.unsubscribe.bind(subscriber);

	async function attempt(name: string): Promise<void> {
		try {
			await subscribe(name);
		} catch (error) {
			reporter.unreadable('feed', error);
			setTimeout(() => wanted.has(name) && void attempt(name), 1_000).unref();
		}
	}

	subscriber.subscribe = async (...given: unknown[]) => {
		const [name, told] = given;
		// ioredis itself takes up subscriptions again by lists of names.
		if (typeof name !== 'string' || typeof told !== 'function') {
			return subscribe(...given.flat().filter((each) => typeof each === 'string'));
		}
		wanted.add(name);
		await attempt(name);
		told(null);
		return wanted.size;
	};
	subscriber.unsubscribe = (...names: unknown[]) => {
		const texts = names.filter((name) => typeof name === 'string');
		for (const name of texts) wanted.delete(name);
		return unsubscribe(...texts);
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

async function opened(redis: Redis): Promise<void> {
	if (redis.status === 'ready') return;
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, 5_000);
	redis.once('ready', resolve);
	await promise;
	clearTimeout(timer);
}
