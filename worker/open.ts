import { createDownload } from '../domain/download.ts';
import type { JobQueue } from '../domain/ports.ts';
import { createSweep } from '../domain/sweep.ts';
import { createCallWatch } from '../platform/call-watch.ts';
import type { Stores } from '../platform/open.ts';
import { openBroker } from '../platform/rabbitmq/connection.ts';
import type { Service } from '../platform/service.ts';
import { startCensus } from './census.ts';
import { startChainList } from './chain-list.ts';
import { startJobs } from './jobs.ts';
import { downloadOptions, jobOptions, sweepOptions } from './settings.ts';
import { startSweeper } from './sweeper.ts';
import { openUpstreams } from './upstreams.ts';

/** Puts the verbs together and starts to work. */
export async function openWorker(service: Service, stores: Stores, queue: JobQueue): Promise<void> {
	const { config, stack } = service;
	const { emit } = stores;
	const watch = createCallWatch(emit);
	const chains = startChainList(config, stores, watch);
	stack.defer(() => chains.stop());
	const census = startCensus(config, service.metrics);
	stack.defer(() => census.stop());
	const upstream = await openUpstreams(service, stores, watch);
	const download = createDownload({ ...stores, queue, upstream, ...downloadOptions(config) });
	// A connection of its own: an alarm of the broker holds back those that publish.
	const broker = await openBroker(config.RABBITMQ_URL, emit, 'consumer');
	stack.defer(() => broker.close());
	const jobs = await startJobs(broker, download, jobOptions(config), emit);
	const sweep = createSweep({ ...stores, queue, hands: jobs, ...sweepOptions(config) });
	const sweeper = startSweeper(sweep, config.SWEEP_INTERVAL_MS, emit);
	stack.defer(() => sweeper.stop());
	stack.defer(() => jobs.stop());
}
