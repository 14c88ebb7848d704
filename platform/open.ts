import { type Announce, createAnnounce } from '../domain/announce.ts';
import type { ChainLists } from '../domain/chain-list.ts';
import type { ContractCache, ContractStore, Feed, JobQueue, SourceStore } from '../domain/ports.ts';
import type { Emit } from '../domain/telemetry.ts';
import { createChainLists } from './mysql/chain-lists.ts';
import { openMySql } from './mysql/connection.ts';
import { createContractStore } from './mysql/contract-store.ts';
import { createSourceStore } from './mysql/source-store.ts';
import type { Checks } from './probes.ts';
import { openBroker } from './rabbitmq/connection.ts';
import { openJobQueue } from './rabbitmq/job-queue.ts';
import { openRedis, type RedisConnections } from './redis/connection.ts';
import { createContractCache } from './redis/contract-cache.ts';
import { createFeed } from './redis/feed.ts';
import type { Service } from './service.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface Stores {
	emit: Emit;
	metrics: Metrics;
	redis: RedisConnections;
	store: ContractStore;
	sources: SourceStore;
	chainLists: ChainLists;
	cache: ContractCache;
	feed: Feed;
	announce: Announce;
	checks: Checks;
}

/** What every process stands on: MySQL and Redis. */
export async function openStores(service: Service): Promise<Stores> {
	const { config, emit, metrics, stack } = service;
	const mysql = openMySql(config.MYSQL_URL, {
		connections: config.MYSQL_CONNECTIONS,
		timeoutMs: config.MYSQL_TIMEOUT_MS,
		metrics,
	});
	stack.defer(() => mysql.close());
	const redis = await openRedis(config.REDIS_URL, emit);
	stack.defer(() => redis.close());
	const cache = createContractCache(redis.commands, config.CACHE_TTL_MS, emit);
	const feed = createFeed(redis, emit);
	metrics.read('feed_channels', feed.channels);
	metrics.read('feed_listeners', feed.listeners);
	return {
		emit,
		metrics,
		redis,
		store: createContractStore(mysql.database),
		sources: createSourceStore(mysql.database),
		chainLists: createChainLists(mysql.database),
		cache,
		feed,
		announce: createAnnounce({ cache, feed, emit }),
		checks: { mysql: () => mysql.ping(), redis: () => redis.ping() },
	};
}

export interface Queue {
	queue: JobQueue;
	checks: Checks;
}

export async function openQueue({ config, stack }: Service, emit: Emit): Promise<Queue> {
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
