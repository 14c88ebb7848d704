import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AlertSettings } from '../alertmanager/settings.ts';
import { writeAlertmanager } from '../alertmanager/write.ts';
import { localConfiguration, type PrometheusConfiguration } from '../prometheus/local.ts';
import { portOf, preferredPortOf, privateFolder, writePrivate } from './folder.ts';
import { findProgram, type ProgramName } from './programs.ts';
import { endEarlier, type RunningService, startService } from './service.ts';

const root = join(import.meta.dirname, '../..');

/** One program of the monitoring: it answers over HTTP, on a loopback port. */
export type MonitorPlan = {
	name: string;
	program: ProgramName;
	folder: string;
	port: number;
	args: readonly string[];
	env?: Record<string, string>;
	/** Answers 200 when it is ready. */
	path: string;
};

export async function startMonitor(
	plan: MonitorPlan,
	{ signal }: { signal?: AbortSignal } = {},
): Promise<RunningService> {
	const { name, program, folder, port, args, env = {}, path } = plan;
	await endEarlier(folder);
	const url = `http://127.0.0.1:${port}`;
	return startService({
		...{ name, folder, url, args },
		command: findProgram(program) ?? program,
		env: { PATH: process.env['PATH'], ...env },
		async ping() {
			const { status } = await fetch(url + path, { signal: AbortSignal.timeout(2_000) });
			if (status !== 200) throw new Error(`status ${status}`);
		},
		stopWithinMs: 5_000,
		signal,
	});
}

/** What there is to watch: host and port of our own processes, and the services that are ours. */
export type Watched = {
	server: readonly string[];
	worker: readonly string[];
	/** Host and port of its Prometheus plug-in. */
	rabbitmq?: string | undefined;
	mysqlUrl?: string | undefined;
	redisUrl?: string | undefined;
};

export type Monitoring = {
	prometheusUrl: string;
	alertmanagerUrl: string;
	plans: readonly MonitorPlan[];
};

/** What watches, with its ports chosen and its configuration written; `has` says which programs there are. */
export async function planMonitoring(
	folder: string,
	watched: Watched,
	settings: AlertSettings,
	has: (program: ProgramName) => boolean,
): Promise<Monitoring> {
	const own = (name: string) => join(folder, name);
	for (const name of ['prometheus', 'alertmanager']) privateFolder(own(name));
	const ports = {
		prometheus: await preferredPortOf(own('prometheus'), 9090),
		alertmanager: await preferredPortOf(own('alertmanager'), 9093),
	};
	const { server, worker, rabbitmq, mysqlUrl, redisUrl } = watched;
	const mysql = mysqlUrl && has('prometheus-mysqld-exporter');
	const redis = redisUrl && has('prometheus-redis-exporter');
	const exporters = {
		node: has('prometheus-node-exporter') ? await nodeExporter(own('node-exporter')) : undefined,
		mysql: mysql ? await mysqlExporter(own('mysql-exporter'), mysqlUrl) : undefined,
		redis: redis ? await redisExporter(own('redis-exporter'), redisUrl) : undefined,
	};
	const addressOf = (plan: MonitorPlan | undefined) => (plan ? [`127.0.0.1:${plan.port}`] : []);
	const broker = rabbitmq ? [rabbitmq] : [];
	const targets = {
		...{ server, worker, rabbitmq: broker, 'rabbitmq-detailed': broker },
		...{ mysql: addressOf(exporters.mysql), redis: addressOf(exporters.redis) },
		node: addressOf(exporters.node),
		prometheus: [`127.0.0.1:${ports.prometheus}`],
		alertmanager: [`127.0.0.1:${ports.alertmanager}`],
	};
	const configuration = localConfiguration(targets, `127.0.0.1:${ports.alertmanager}`);
	const plans = [
		prometheus(own('prometheus'), ports.prometheus, configuration),
		alertmanager(own('alertmanager'), ports.alertmanager, settings),
		...Object.values(exporters).filter((plan) => plan !== undefined),
	];
	return {
		prometheusUrl: `http://localhost:${ports.prometheus}`,
		alertmanagerUrl: `http://localhost:${ports.alertmanager}`,
		plans,
	};
}

/** With the alerts' rules, and their runbooks at /user/runbooks/. What it knows outlives it, for 15 days. */
function prometheus(
	folder: string,
	port: number,
	configuration: PrometheusConfiguration,
): MonitorPlan {
	// A copy beside the configuration: in a path of its own no character means anything to a pattern.
	rmSync(join(folder, 'rules'), { recursive: true, force: true });
	cpSync(join(root, 'ops/prometheus/rules'), join(folder, 'rules'), { recursive: true });
	// JSON is YAML too.
	writePrivate(folder, 'prometheus.json', `${JSON.stringify(configuration, null, 2)}\n`);
	return {
		...{ name: 'Prometheus', program: 'prometheus', folder, port, path: '/-/ready' },
		args: [
			...['--config.file=./prometheus.json', '--storage.tsdb.path=./data'],
			...['--storage.tsdb.retention.time=15d', '--storage.tsdb.retention.size=1GB'],
			...[`--web.listen-address=127.0.0.1:${port}`, `--web.external-url=http://localhost:${port}`],
			...[`--web.user-assets=${resolve(root, 'docs')}`, '--enable-feature=exemplar-storage'],
			'--log.level=warn',
		],
	};
}

/** Alone, with the receivers that are set: without one it only shows what fires. */
function alertmanager(folder: string, port: number, settings: AlertSettings): MonitorPlan {
	writeAlertmanager(join(folder, 'alertmanager.json'), settings);
	return {
		...{ name: 'Alertmanager', program: 'prometheus-alertmanager', folder, port },
		path: '/-/ready',
		args: [
			...['--config.file=./alertmanager.json', '--storage.path=./data', '--log.level=warn'],
			...[`--web.listen-address=127.0.0.1:${port}`, `--web.external-url=http://localhost:${port}`],
			'--cluster.listen-address=',
		],
	};
}

// Debian switches systemd on, which not every machine has.
const quiet = ['--no-collector.systemd', '--log.level=warn'];

async function nodeExporter(folder: string): Promise<MonitorPlan> {
	const { port, listen } = await place(folder);
	const names = { name: 'node exporter', program: 'prometheus-node-exporter' } as const;
	return { ...names, folder, port, args: [listen, ...quiet], path: '/' };
}

/** By what any user of the database may see. */
async function mysqlExporter(folder: string, mysqlUrl: string): Promise<MonitorPlan> {
	const { port, listen } = await place(folder);
	const url = new URL(mysqlUrl);
	const value = (text: string) => JSON.stringify(decodeURIComponent(text));
	const client = [
		...['[client]', `host=${url.hostname}`, `port=${url.port || 3306}`],
		...[`user=${value(url.username)}`, `password=${value(url.password)}`],
	];
	// In a file, as a password in the environment is seen by whatever it starts.
	writePrivate(folder, 'client.cnf', `${client.join('\n')}\n`);
	const beyondItsRights = [
		...['slave_status', 'info_schema.innodb_cmp', 'info_schema.innodb_cmpmem'],
		'info_schema.query_response_time',
	].map((name) => `--no-collect.${name}`);
	return {
		...{ name: 'MySQL exporter', program: 'prometheus-mysqld-exporter', folder, port, path: '/' },
		args: [listen, '--config.my-cnf=./client.cnf', '--log.level=warn', ...beyondItsRights],
	};
}

async function redisExporter(folder: string, redisUrl: string): Promise<MonitorPlan> {
	const { port, listen } = await place(folder);
	const { host, password } = new URL(redisUrl);
	return {
		...{ name: 'Redis exporter', program: 'prometheus-redis-exporter', folder, port, path: '/' },
		args: [listen],
		env: { REDIS_ADDR: `redis://${host}`, REDIS_PASSWORD: decodeURIComponent(password) },
	};
}

async function place(folder: string) {
	privateFolder(folder);
	const port = await portOf(folder, 'port');
	return { port, listen: `--web.listen-address=127.0.0.1:${port}` };
}
