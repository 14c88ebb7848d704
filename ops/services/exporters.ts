import { join } from 'node:path';
import { portOf, privateFolder, writePrivate } from './folder.ts';
import type { MonitorPlan } from './monitor.ts';

// Debian switches systemd on, which not every machine has.
const quiet = ['--no-collector.systemd', '--log.level=warn'];

/** Says to Prometheus how the machine is. */
export async function nodeExporter(folder: string): Promise<MonitorPlan> {
	const { port, listen } = await place(folder);
	const names = { name: 'node exporter', program: 'prometheus-node-exporter' } as const;
	return { ...names, folder, port, args: [listen, ...quiet], path: '/' };
}

/** Says how MariaDB or MySQL is, by what any of its users may see. */
export async function mysqlExporter(folder: string, mysqlUrl: string): Promise<MonitorPlan> {
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

/** Says how Redis is. */
export async function redisExporter(folder: string, redisUrl: string): Promise<MonitorPlan> {
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

export function exporterFolder(folder: string, of: 'node' | 'mysql' | 'redis'): string {
	return join(folder, `${of}-exporter`);
}
