import { Redis } from 'ioredis';
import { passwordOf, portOf, privateFolder, writePrivate } from './folder.ts';
import { findProgram } from './programs.ts';
import { endEarlier, type RunningService, startService } from './service.ts';

export type RedisOptions = {
	port?: number;
	signal?: AbortSignal;
	password?: string;
	/** Lines of its configuration, after those that every server has. */
	settings?: readonly string[];
};

/** Starts a private Redis in its own folder; what it holds outlives it. */
export async function startRedis(
	folder: string,
	options: RedisOptions = {},
): Promise<RunningService> {
	privateFolder(folder);
	await endEarlier(folder);
	const password = options.password ?? passwordOf(folder);
	const port = await portOf(folder, 'port', options.port);
	const settings = [
		...['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, 'daemonize no'],
		...['appendonly yes', 'save ""', 'always-show-logo no', ...(options.settings ?? [])],
	];
	writePrivate(folder, 'redis.conf', `${settings.join('\n')}\n`);
	const url = `redis://:${password}@127.0.0.1:${port}`;
	return startService({
		name: 'Redis',
		folder,
		url,
		command: findProgram('redis-server') ?? 'redis-server',
		args: ['./redis.conf'],
		ping: () => pingRedis(url),
		stopWithinMs: 5_000,
		signal: options.signal,
	});
}

export async function pingRedis(url: string): Promise<void> {
	const redis = new Redis(url, {
		lazyConnect: true,
		connectTimeout: 5_000,
		maxRetriesPerRequest: 0,
		retryStrategy: () => null,
	});
	// Without a listener ioredis prints what the rejected connect says anyway.
	redis.on('error', () => undefined);
	try {
		await redis.connect();
		await redis.ping();
	} finally {
		redis.disconnect();
	}
}
