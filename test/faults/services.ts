import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startMariadb } from '../../ops/services/mariadb.ts';
import { type RunningRabbitmq, startRabbitmq } from '../../ops/services/rabbitmq.ts';
import { startRedis } from '../../ops/services/redis.ts';
import type { RunningService } from '../../ops/services/service.ts';
import { type Database, openDatabase } from './database.ts';
import { type Restartable, startRestartable } from './restartable.ts';

/** The three services of one run, and a way to each of them that no fault touches. */
export interface Services extends AsyncDisposable {
	mysql: Restartable<RunningService>;
	rabbitmq: Restartable<RunningRabbitmq>;
	redis: Restartable<RunningService>;
	database: Database;
	redisClient: Redis;
	/** Calls the broker's management interface; the path is relative to /api/. */
	broker<T>(method: string, path: string): Promise<T | null>;
	folderOf(name: 'mysql' | 'rabbitmq' | 'redis'): string;
	secrets: readonly string[];
}

export async function openServices(folder: string): Promise<Services> {
	const stack = new AsyncDisposableStack();
	const folderOf = (name: string) => join(folder, name);
	try {
		const [mysql, rabbitmq, redis] = await Promise.all([
			startRestartable(() => startMariadb(folderOf('mysql'))).then((service) => {
				stack.defer(() => service.stop());
				return service;
			}),
			startRestartable(() => startRabbitmq(folderOf('rabbitmq'))).then((service) => {
				stack.defer(() => service.stop());
				return service;
			}),
			startRestartable(() => startRedis(folderOf('redis'))).then((service) => {
				stack.defer(() => service.stop());
				return service;
			}),
		]);
		const database = await openDatabase(folderOf('mysql'), mysql.current.url);
		stack.defer(() => database.close());
		const redisClient = new Redis(redis.current.url, { connectionName: 'harness' });
		redisClient.on('error', () => {});
		stack.defer(() => redisClient.disconnect());
		const passwords = [mysql, rabbitmq, redis].map(({ current }) => new URL(current.url).password);
		return {
			mysql,
			rabbitmq,
			redis,
			database,
			redisClient,
			broker: (method, path) => callBroker(rabbitmq.current.managementUrl, method, path),
			folderOf,
			secrets: [...passwords, database.user.password],
			[Symbol.asyncDispose]: () => stack.disposeAsync(),
		};
	} catch (error) {
		await stack.disposeAsync();
		throw error;
	}
}

async function callBroker<T>(base: string, method: string, path: string): Promise<T | null> {
	const { username, password, origin } = new URL(base);
	const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
	const response = await fetch(new URL(`/api/${path}`, origin), {
		method,
		headers: { authorization },
		signal: AbortSignal.timeout(10_000),
	});
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
	const text = await response.text();
	// The shape is the broker's, which the caller knows.
	return text === '' ? null : (JSON.parse(text) as T);
}
