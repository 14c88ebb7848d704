import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import {
	type Emulator,
	type EmulatorOptions,
	startEmulator,
} from '../../bench/emulator/emulator.ts';
import { startRedis } from '../../ops/services/redis.ts';
import { eachHost } from '../../platform/hosts.ts';
import { type RunningProcess, startProcess } from './process.ts';
import { createDatabase, createVhost, type TestDatabase, type TestVhost } from './services.ts';

export interface WorkerProcess extends RunningProcess {
	metricsUrl: string;
}

export interface ServerProcess extends WorkerProcess {
	/** Such as http://127.0.0.1:41234. */
	url: string;
}

/** The whole product for one test file: services of its own, an emulator, and real processes. */
export interface System extends AsyncDisposable {
	database: TestDatabase;
	vhost: TestVhost;
	redis: Redis;
	emulator: Emulator;
	env: Record<string, string>;
	server(env?: Record<string, string>): Promise<ServerProcess>;
	worker(env?: Record<string, string>): Promise<WorkerProcess>;
	/** Any of the product's scripts, not waited for. */
	run(script: string, env?: Record<string, string>): RunningProcess;
}

/** Short times, so that what takes seconds in production takes moments here. */
const quick = {
	GRACE_MS: '1000',
	LEASE_MS: '4000',
	SWEEP_INTERVAL_MS: '100',
	RETRY_BASE_MS: '100',
	FOLLOW_POLL_MS: '500',
	LOG_LEVEL: 'debug',
};

export const secretKey = 'TESTKEY0123456789SECRET';

export async function openSystem(
	options: {
		emulator?: EmulatorOptions;
		rabbitmqUrl?: string;
		/** Such as services of the test's own instead of those that are shared. */
		env?: Record<string, string>;
	} = {},
): Promise<System> {
	const stack = new AsyncDisposableStack();
	const ending =
		<T>(end: (opened: T) => Promise<unknown>) =>
		(opened: T) => {
			stack.defer(() => end(opened).then(() => {}));
			return opened;
		};
	const folder = await mkdtemp(join(tmpdir(), 'verifeed-test-'));
	stack.defer(() => rm(folder, { recursive: true, force: true }));
	const [redisService, database, vhost, emulator] = await Promise.all([
		startRedis(folder).then(ending((service) => service.stop())),
		createDatabase().then(ending((created) => created.drop())),
		createVhost().then(ending((created) => created.drop())),
		startEmulator(options.emulator ?? {}).then(ending((started) => started.close())),
	]);
	const redis = new Redis(redisService.url);
	redis.on('error', () => {});
	stack.defer(() => redis.disconnect());
	const env: Record<string, string> = {
		...quick,
		HTTP_PORT: '0',
		METRICS_PORT: '0',
		MYSQL_URL: database.url,
		RABBITMQ_URL: options.rabbitmqUrl ?? vhost.url,
		REDIS_URL: redisService.url,
		ETHERSCAN_URL: emulator.url,
		SOURCIFY_URL: emulator.sourcify.url,
		BLOCKSCOUT_URL: emulator.blockscout.url,
		SOURCIFY_RPS: '1000',
		BLOCKSCOUT_RPS: '1000',
		ETHERSCAN_API_KEYS: secretKey,
		ETHERSCAN_RPS: '1000',
		SOURCES: 'etherscan',
		...options.env,
	};
	const passwords = ['MYSQL_URL', 'RABBITMQ_URL', 'REDIS_URL'].flatMap((name) => {
		const [url = ''] = eachHost(env[name] ?? '');
		return URL.parse(url)?.password || [];
	});

	function run(script: string, more: Record<string, string> = {}): RunningProcess {
		const running = startProcess(script, { ...env, ...more });
		stack.defer(async () => {
			await running.stop();
			for (const secret of [secretKey, ...passwords]) {
				if (running.output().includes(secret)) throw new Error(`${script} printed a secret`);
			}
		});
		return running;
	}

	return {
		database,
		vhost,
		redis,
		emulator,
		env,
		run,
		async server(more) {
			const running = run('server/main.ts', more);
			const line = await running.logged(({ message }) => message === 'serving');
			return Object.assign(running, {
				url: `http://127.0.0.1:${line['port']}`,
				metricsUrl: `http://127.0.0.1:${line['metricsPort']}`,
			});
		},
		async worker(more) {
			const running = run('worker/main.ts', more);
			const line = await running.logged(({ message }) => message === 'working');
			return Object.assign(running, { metricsUrl: `http://127.0.0.1:${line['metricsPort']}` });
		},
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}
