import { createDownload } from '../domain/download.ts';
import { createSweep } from '../domain/sweep.ts';
import { openQueue, openStores } from '../platform/open.ts';
import { openProbes } from '../platform/probes.ts';
import { openBroker } from '../platform/rabbitmq/connection.ts';
import { runService } from '../platform/service.ts';
import { prepareHttp } from '../sources/asking/http.ts';
import { startChainList } from './chain-list.ts';
import { startJobs } from './jobs.ts';
import { downloadOptions, jobOptions, sweepOptions } from './settings.ts';
import { startSweeper } from './sweeper.ts';
import { openUpstreams } from './upstreams.ts';

await runService('worker', async (service) => {
	const { config, stack } = service;
	const stores = await openStores('worker', service);
	const { queue, checks } = await openQueue(service, stores.reporter);
	const at = { host: config.HTTP_HOST, port: config.METRICS_PORT ?? 9465 };
	const probes = await openProbes(at, stores.registry, { ...stores.checks, ...checks });
	stack.defer(() => probes.close());
	const sweep = createSweep({ ...stores, queue, ...sweepOptions(config) });
	const sweeper = startSweeper(sweep, config.SWEEP_INTERVAL_MS, stores.reporter);
	stack.defer(() => sweeper.stop());
	const chains = startChainList(config, stores);
	stack.defer(() => chains.stop());
	await prepareHttp(`http://127.0.0.1:${probes.port}/livez`);
	const upstream = await openUpstreams(service, stores);
	const download = createDownload({ ...stores, queue, upstream, ...downloadOptions(config) });
	// A connection of its own: an alarm of the broker holds back those that publish.
	const broker = await openBroker(config.RABBITMQ_URL, stores.reporter);
	stack.defer(() => broker.close());
	const jobs = await startJobs(broker, download, jobOptions(config), stores.reporter);
	stack.defer(() => jobs.stop());
	service.log.info('working', { metricsPort: probes.port });
});
