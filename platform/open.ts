import type { Context, VerbOptions } from '../domain/context.ts';
import type { ApiKeys, JobQueue } from '../domain/ports.ts';
import type { PruneContext } from '../domain/prune.ts';
import type { Emit } from '../domain/telemetry.ts';
import { type Config, mostQueued } from './config.ts';
import { createApiKeys } from './mysql/api-keys.ts';
import { createChainLists } from './mysql/chain-lists.ts';
import { openMySql } from './mysql/connection.ts';
import { createContractStore } from './mysql/contract-store.ts';
import { createPruning } from './mysql/pruning.ts';
import { createSourceStore } from './mysql/source-store.ts';
import { type Checks, seldom } from './probes.ts';
import { openBroker } from './rabbitmq/connection.ts';
import { openJobQueue } from './rabbitmq/job-queue.ts';
import { openRedis, type RedisConnections } from './redis/connection.ts';
import { createContractCache } from './redis/contract-cache.ts';
import { createFeed } from './redis/feed.ts';
import type { Service } from './service.ts';

/** What every process stands on: MySQL and Redis, and the part of the context that they carry. */
export interface Stores
	extends Pick<
		Context,
		'store' | 'sources' | 'pruning' | 'chainLists' | 'cache' | 'feed' | 'emit'
	> {
	apiKeys: ApiKeys;
	redis: RedisConnections;
	checks: Checks;
}

export async function openStores(service: Service): Promise<Stores> {
	const { config, emit, metrics, stack } = service;
	const mysql = openMySql(config.MYSQL_URL, {
		connections: config.MYSQL_CONNECTIONS,
		timeoutMs: config.MYSQL_TIMEOUT_MS,
		emit,
	});
	const pool = 'main';
	metrics.read('db_client_connection_count', () => {
		const { idle, used } = mysql.connections();
		return [
			[{ pool, state: 'idle' }, idle],
			[{ pool, state: 'used' }, used],
		];
	});
	metrics.read('db_client_connection_pending_requests', () => [
		[{ pool }, mysql.connections().pending],
	]);
	stack.defer(() => mysql.close());
	const redis = await openRedis(config.REDIS_URL, emit);
	stack.defer(() => redis.close());
	const feed = createFeed(redis, emit);
	metrics.read('feed_channels', feed.channels);
	metrics.read('feed_listeners', feed.listeners);
	return {
		store: createContractStore(mysql),
		sources: createSourceStore(mysql),
		pruning: createPruning(mysql),
		chainLists: createChainLists(mysql.database),
		apiKeys: createApiKeys(mysql.database),
		cache: createContractCache(redis.commands, config.CACHE_TTL_MS, emit),
		feed,
		emit,
		redis,
		checks: seldom({ mysql: () => mysql.ping(), redis: () => redis.ping() }),
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

export function retentionOf(config: Config): Pick<PruneContext, 'retention' | 'pruneBatch'> {
	return {
		retention: {
			notVerifiedDays: config.KEEP_NOT_VERIFIED_DAYS,
			runs: config.KEEP_RUNS,
			unusedSourceDays: config.KEEP_UNUSED_SOURCES_DAYS,
		},
		pruneBatch: config.PRUNE_BATCH,
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
			patienceMs: config.UPSTREAM_PATIENCE_MS,
			random: Math.random,
		},
		sweepBatch: config.SWEEP_BATCH,
		mostQueued: mostQueued(config),
		pollMs: config.FOLLOW_POLL_MS,
		attachMs: 2_000,
	};
}
