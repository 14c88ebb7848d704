import type { Logger } from 'winston';
import type { Context } from '../../domain/context.ts';
import type { ContractStore, JobQueue, Pruning } from '../../domain/ports.ts';
import type { Config } from '../../platform/config.ts';
import { type Database, openMySql } from '../../platform/mysql/connection.ts';
import { createContractStore } from '../../platform/mysql/contract-store.ts';
import { createPruning } from '../../platform/mysql/pruning.ts';
import { type Broker, openBroker } from '../../platform/rabbitmq/connection.ts';
import { openJobQueue } from '../../platform/rabbitmq/job-queue.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/connection.ts';
import { createContractCache } from '../../platform/redis/contract-cache.ts';
import { createFeed } from '../../platform/redis/feed.ts';
import { createEmit } from '../../platform/telemetry/emit.ts';
import { secretsOf } from '../../platform/telemetry/log/clean.ts';
import { openLog } from '../../platform/telemetry/log/open.ts';
import { stopSignals } from '../run/run.ts';
import type { ServiceVariable } from '../run/settings.ts';
import { explain } from './explain.ts';
import { createOutput, type Output } from './output.ts';
import { readAdminSettings } from './settings.ts';

/** What a command works with. Each service is opened when it is asked for, and closed at the end. */
export interface Admin extends Output {
	config: Config;
	/** Aborts at Ctrl-C. */
	signal: AbortSignal;
	database(): Database;
	store(): ContractStore;
	pruning(): Pruning;
	/** Rejects where the broker is away. */
	broker(): Promise<Broker>;
	/** Also of a broker that is away: what cannot be published is left to the sweeper. */
	queue(): Promise<JobQueue>;
	/** Rejects where Redis is away. */
	redis(): Promise<RedisConnections>;
	/** What a change of contracts needs. Rejects where Redis is away. */
	context(): Promise<Pick<Context, 'store' | 'queue' | 'cache' | 'feed' | 'emit'>>;
}

/** Counting a large table takes a while. */
const patientMs = 120_000;

/** Runs one command with the services it needs. */
export async function withAdmin(
	{ json }: { json: boolean },
	needs: readonly ServiceVariable[],
	work: (admin: Admin) => Promise<void>,
): Promise<void> {
	const config = await readAdminSettings(process.env, needs);
	const logConfig = {
		...config,
		LOG_LEVEL: 'error',
		LOG_FORMAT: 'pretty',
		LOKI_URL: undefined,
	} as const;
	const { log } = openLog('verifeed-admin', logConfig, { to: 'stderr' });
	const output = createOutput(json, secretsOf(config));
	try {
		await using stack = new AsyncDisposableStack();
		await work(createAdmin(config, log, output, stack));
	} catch (error) {
		const { text, status } = explain(error);
		output.note(text);
		process.exitCode = status;
	}
}

function createAdmin(
	config: Config,
	log: Logger,
	output: Output,
	stack: AsyncDisposableStack,
): Admin {
	const emit = createEmit(log);
	const mysql = once(() => {
		const opened = openMySql(config.MYSQL_URL, { connections: 2, timeoutMs: patientMs });
		stack.defer(() => opened.close());
		return opened;
	});
	const database = () => mysql().database;
	const anyBroker = once(async () => {
		const opened = await openBroker(config.RABBITMQ_URL, emit, 'publisher');
		stack.defer(() => opened.close());
		return opened;
	});
	const broker = once(async () => {
		const opened = await anyBroker();
		if (!opened.isConnected()) throw new Error('RabbitMQ, at RABBITMQ_URL, cannot be reached.');
		return opened;
	});
	const redis = once(async () => {
		const opened = await openRedis(config.REDIS_URL, emit);
		stack.defer(() => opened.close());
		await opened.ping().catch((cause) => {
			throw new Error('Redis, at REDIS_URL, cannot be reached.', { cause });
		});
		return opened;
	});
	const store = once(() => createContractStore(mysql()));
	const queue = once(async () => openJobQueue(await anyBroker(), emit));
	return {
		...output,
		config,
		signal: stopSignals(),
		database,
		store,
		pruning: once(() => createPruning(mysql())),
		broker,
		queue,
		redis,
		context: once(async () => {
			const connections = await redis();
			return {
				emit,
				store: store(),
				queue: await queue(),
				cache: createContractCache(connections.commands, config.CACHE_TTL_MS, emit),
				feed: createFeed(connections, emit),
			};
		}),
	};
}

function once<T>(open: () => T): () => T {
	let opened: { value: T } | undefined;
	return () => {
		opened ??= { value: open() };
		return opened.value;
	};
}
