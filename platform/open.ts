import type { Context, VerbOptions } from '../domain/context.ts';
import type { JobQueue } from '../domain/ports.ts';
import type { Emit } from '../domain/telemetry.ts';
import type { Config } from './config.ts';
import { createEmit } from './emit.ts';
import type { Checks } from './health.ts';
import { exportPool } from './metrics/database.ts';
import { exportFeed } from './metrics/feed.ts';
import { createChainLists } from './mysql/chain-lists.ts';
import { openMySql } from './mysql/connection.ts';
import { createContractStore } from './mysql/contract-store.ts';
import { createSourceStore } from './mysql/source-store.ts';
import { openBroker } from './rabbitmq/connection.ts';
import { openJobQueue } from './rabbitmq/job-queue.ts';
import { openRedis, type RedisConnections } from './redis/connection.ts';
import { createContractCache } from './redis/contract-cache.ts';
import { createFeed } from './redis/feed.ts';
import type { Service } from './service.ts';

/** What every process stands on: MySQL and Redis, and the part of the context that they carry. */
export interface Stores
	extends Pick<Context, 'store' | 'sources' | 'chainLists' | 'cache' | 'feed' | 'emit'> {
	redis: RedisConnections;
	checks: Checks;
}

export async function openStores(service: Service): Promise<Stores> {
	const { config, log, registry, stack } = service;
	const emit = createEmit(log, service);
	const mysql = openMySql(config.MYSQL_URL, {
		connections: config.MYSQL_CONNECTIONS,
		timeoutMs: config.MYSQL_TIMEOUT_MS,
		emit,
	});
	exportPool(registry, mysql.connections);
	stack.defer(() => mysql.close());
	const redis = await openRedis(config.REDIS_URL, emit);
	stack.defer(() => redis.close());
	const feed = createFeed(redis, emit);
	exportFeed(registry, feed);
	return {
		store: createContractStore(mysql.database),
		sources: createSourceStore(mysql.database),
		chainLists: createChainLists(mysql.database),
		cache: createContractCache(redis.commands, config.CACHE_TTL_MS, emit),
		feed,
		emit,
		redis,
		checks: { mysql: () => mysql.ping(), redis: () => redis.ping() },
	};
}

export async function openQueue(
	{ config, stack }: Service,
	emit: Emit,
): Promise<{ queue: JobQueue; checks: Checks }> {
	const broker = await openBroker(config.RABBITMQ_URL, emit, 'publisher');
	stack.defer(() => broker.close());
	return {
		queue: await openJobQueue(broker, emit),
		checks: {
			async rabbitmq() {
				if (!broker.isConnected()) throw new Error('RabbitMQ is not connected');
			},
		},
	};
}

/** What is set for the verbs, from the settings. */
export function verbOptions(config: Config): VerbOptions {
	return {
		graceMs: config.GRACE_MS,
		leaseMs: config.LEASE_MS,
		notVerifiedMs: config.NOT_VERIFIED_MS,
		followProxies: config.FOLLOW_PROXIES,
		retry: {
			maxAttempts: config.MAX_ATTEMPTS,
			baseMs: config.RETRY_BASE_MS,
			maxMs: config.RETRY_MAX_MS,
			random: Math.random,
		},
		sweepBatch: config.SWEEP_BATCH,
		pollMs: config.FOLLOW_POLL_MS,
		attachMs: 2_000,
	};
}
