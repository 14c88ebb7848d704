import { join } from 'node:path';
import type { AlertSettings } from '../alertmanager/settings.ts';
import { writeAlertmanager } from '../alertmanager/write.ts';
import type { MonitorPlan } from './monitor.ts';

/** Alone, with the receivers that are set: without one it only shows what fires. */
export function alertmanager(folder: string, port: number, settings: AlertSettings): MonitorPlan {
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
