import { createDownload } from '../domain/download.ts';
import type { JobQueue } from '../domain/ports.ts';
import { createCallWatch } from '../platform/call-watch.ts';
import { type Stores, verbOptions } from '../platform/open.ts';
import { openBroker } from '../platform/rabbitmq/connection.ts';
import type { Service } from '../platform/service.ts';
import { startChainList } from './chain-list.ts';
import { startContractCounts } from './contract-counts.ts';
import { startJobs, startSweeper } from './jobs.ts';
import { openUpstreams } from './upstreams.ts';

/** Makes the context of the verbs and starts to work. */
export async function openWorker(service: Service, stores: Stores, queue: JobQueue): Promise<void> {
	const { config, metrics, stack } = service;
	const watch = createCallWatch(stores.emit);
	const chains = startChainList(config, stores, watch);
	stack.defer(() => chains.stop());
	const counts = startContractCounts(config, metrics);
	stack.defer(() => counts.stop());
	const upstream = await openUpstreams(service, stores, watch);
	const context = { ...stores, ...verbOptions(config), queue, upstream, nextRecall: { at: 0 } };
	// A connection of its own: an alarm of the broker holds back those that publish.
	const broker = await openBroker(config.RABBITMQ_URL, stores.emit, 'consumer');
	stack.defer(() => broker.close());
	const jobs = await startJobs(broker, createDownload(context), config, context);
	const sweeper = startSweeper(context, jobs, config.SWEEP_INTERVAL_MS);
	stack.defer(() => sweeper.stop());
	stack.defer(() => jobs.stop());
}
