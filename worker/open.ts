import type { JobQueue } from '../domain/ports.ts';
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
	const chains = startChainList(config, stores);
	stack.defer(() => chains.stop());
	const counts = startContractCounts(config, metrics);
	stack.defer(() => counts.stop());
	const upstreams = await openUpstreams(service, stores);
	const context = { ...stores, ...verbOptions(config), queue, upstreams, nextRecall: { at: 0 } };
	// A connection of its own: an alarm of the broker holds back those that publish.
	const broker = await openBroker(config.RABBITMQ_URL, stores.emit, 'consumer');
	stack.defer(() => broker.close());
	const jobs = await startJobs(broker, context, config);
	const sweeper = startSweeper(context, jobs, config.SWEEP_INTERVAL_MS);
	stack.defer(async () => void (await Promise.all([jobs.stop(), sweeper.stop()])));
}
