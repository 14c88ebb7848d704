import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startRedis } from '../../ops/services/redis.ts';
import type { Measured } from '../../test/harness/metrics.ts';
import { createDatabase, createVhost, type TestDatabase } from '../../test/harness/services.ts';
import { cpuSeconds, type Logging, startLogging } from './processes.ts';
import { verifiedPrefix } from './schedule.ts';

/** The whole product for one load: an empty database, queue and cache, one server, workers, an emulator. */
export interface StressSystem extends AsyncDisposable {
	url: string;
	metricsUrl: string;
	workers: readonly Measured[];
	database: TestDatabase;
	/** Runs the product's warm-up to its end. */
	warmUp(): Promise<void>;
	/** Rejects when a process ends that should not. */
	broken: Promise<never>;
	/** Processor time so far in seconds, by process. */
	cpu(): Record<string, number>;
}

export interface SystemOptions {
	folder: string;
	workers: number;
	/** Settings of server and workers, over those below. */
	settings: Readonly<Record<string, string>>;
	/** Of the services, by name. */
	pids: Readonly<Record<string, number>>;
}

/** No limit but those of the machine. */
const unlimited = String(10 ** 6);
/** The slots of one account are a millisecond apart at least. */
const accounts = Array.from({ length: 10 }, (_, n) => `account${n}:KEY${n}`).join(',');

export async function openStressSystem(options: SystemOptions): Promise<StressSystem> {
	const { folder } = options;
	await using stack = new AsyncDisposableStack();
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const redis = await startRedis(join(folder, 'redis'));
	stack.defer(() => redis.stop());
	const database = await createDatabase();
	stack.defer(() => database.drop());
	const vhost = await createVhost();
	stack.defer(() => vhost.drop());
	const env: Record<string, string> = {
		HTTP_PORT: '0',
		METRICS_PORT: '0',
		MYSQL_URL: database.url,
		RABBITMQ_URL: vhost.url,
		REDIS_URL: redis.url,
		SOURCES: 'etherscan',
		ETHERSCAN_API_KEYS: accounts,
		ETHERSCAN_RPS: unlimited,
		ETHERSCAN_CALLS_PER_DAY: unlimited,
		REQUESTS_PER_SECOND_PER_CLIENT: unlimited,
		MAX_CONNECTIONS_PER_CLIENT: unlimited,
		MAX_FOLLOWED_PER_CLIENT: unlimited,
		TEST_OPERATIONS: 'true',
		...options.settings,
	};
	const processes: Logging[] = [];
	async function start(name: string, args: readonly string[]): Promise<Logging> {
		const process = await startLogging(name, args, { folder, env });
		stack.defer(() => process.stop());
		processes.push(process);
		return process;
	}

	const emulator = await start('emulator', [
		'bench/emulator/main.ts',
		'--verified',
		verifiedPrefix,
	]);
	env['ETHERSCAN_URL'] = await emulator.said(/^etherscan at (\S+)$/m);
	const server = await start('server', ['server/main.ts']);
	const serving = await portsIn(server, 'serving');
	const workers: Measured[] = [];
	for (let n = 1; n <= options.workers; n += 1) {
		const { metricsPort } = await portsIn(
			await start(`worker ${n}`, ['worker/main.ts']),
			'working',
		);
		workers.push({ metricsUrl: `http://127.0.0.1:${metricsPort}` });
	}
	const gone = processes.map(({ name, started }) => started.exited.then(() => name));
	const broken = Promise.race(gone).then((name): never => {
		throw new Error(`${name} has ended; its log is in ${folder}`);
	});
	// Whoever does not wait for it is not to be ended by it: all processes end with the system.
	broken.catch(() => {});
	const closing = stack.move();

	return {
		url: `http://127.0.0.1:${serving.port}`,
		metricsUrl: `http://127.0.0.1:${serving.metricsPort}`,
		workers,
		database,
		broken,
		async warmUp() {
			const warmup = await startLogging('warmup', ['warmup/main.ts'], { folder, env });
			closing.defer(() => warmup.stop());
			await warmup.said(/("message":"cache warmed")/);
			await warmup.started.exited;
		},
		cpu() {
			const pids: [string, number][] = [
				...processes.map(({ name, pid }): [string, number] => [name, pid]),
				...Object.entries({ ...options.pids, Redis: redis.pid }),
			];
			return Object.fromEntries(pids.map(([name, pid]) => [name, cpuSeconds(pid)]));
		},
		[Symbol.asyncDispose]: () => closing.disposeAsync(),
	};
}

async function portsIn(
	process: Logging,
	message: string,
): Promise<{ port: number; metricsPort: number }> {
	return JSON.parse(await process.said(new RegExp(`^(.*"message":"${message}".*)$`, 'm')));
}
