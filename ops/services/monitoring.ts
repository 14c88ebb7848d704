import { join } from 'node:path';
import type { AlertSettings } from '../alertmanager/settings.ts';
import { localConfiguration } from '../prometheus/local.ts';
import { alertmanager } from './alertmanager.ts';
import { exporterFolder, mysqlExporter, nodeExporter, redisExporter } from './exporters.ts';
import { preferredPortOf, privateFolder } from './folder.ts';
import type { MonitorPlan } from './monitor.ts';
import type { ProgramName } from './programs.ts';
import { prometheus } from './prometheus.ts';

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
	const exporters = await planExporters(folder, watched, has);
	const addressOf = (plan: MonitorPlan | undefined) => (plan ? [`127.0.0.1:${plan.port}`] : []);
	const { server, worker, rabbitmq } = watched;
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

async function planExporters(
	folder: string,
	{ mysqlUrl, redisUrl }: Watched,
	has: (program: ProgramName) => boolean,
) {
	const at = (of: Parameters<typeof exporterFolder>[1]) => exporterFolder(folder, of);
	const mysql = mysqlUrl && has('prometheus-mysqld-exporter');
	const redis = redisUrl && has('prometheus-redis-exporter');
	return {
		node: has('prometheus-node-exporter') ? await nodeExporter(at('node')) : undefined,
		mysql: mysql ? await mysqlExporter(at('mysql'), mysqlUrl) : undefined,
		redis: redis ? await redisExporter(at('redis'), redisUrl) : undefined,
	};
}
