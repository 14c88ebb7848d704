import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PrometheusConfiguration } from '../prometheus/local.ts';
import { writePrivate } from './folder.ts';
import type { MonitorPlan } from './monitor.ts';

const root = join(import.meta.dirname, '../..');

/** With the alerts' rules, and their runbooks at /user/runbooks/. What it knows outlives it, for 15 days. */
export function prometheus(
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
