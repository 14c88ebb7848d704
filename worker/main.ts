import { existsSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { openQueue, openStores } from '../platform/open.ts';
import { openProbes } from '../platform/probes.ts';
import { runService } from '../platform/service.ts';
import { metricsPorts } from '../platform/settings.ts';
import { prepareHttp } from '../sources/http.ts';
import { openWorker } from './open.ts';

const autogroup = '/proc/self/autogroup';

yieldToOthers();

await runService('worker', async (service) => {
	const { config, stack } = service;
	const stores = await openStores(service);
	const { queue, checks } = await openQueue(service, stores.emit);
	const port = config.METRICS_PORT ?? metricsPorts.worker;
	const at = { name: 'worker', host: config.METRICS_HOST, port };
	const probes = await openProbes(at, service.metrics, { ...stores.checks, ...checks });
	stack.defer(() => probes.close());
	await prepareHttp(`http://127.0.0.1:${probes.port}/livez`);
	await openWorker(service, stores, queue);
	service.log.info('working', { metricsPort: probes.port });
});

/** Where both share a machine, answers to clients come first: downloads take what is left. */
function yieldToOthers(): void {
	const nice = constants.priority.PRIORITY_BELOW_NORMAL;
	try {
		setPriority(nice);
		// Linux may weigh sessions against each other, and processes only within one; see sched(7).
		if (existsSync(autogroup)) writeFileSync(autogroup, String(nice));
	} catch {
		// Some containers do not allow it, and downloads go on as equals.
	}
}
