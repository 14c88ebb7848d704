import type { JobQueue } from '../domain/ports.ts';
import { createSweep } from '../domain/sweep.ts';
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
	const chains = startChainList(config, stores);
	stack.defer(() => chains.stop());
	const census = startCensus(config, service.registry);
	stack.defer(() => census.stop());
	const upstreams = await openUpstreams(service, stores);
	const context = { ...stores, queue, upstreams, ...downloadOptions(config) };
	// A connection of its own: an alarm of the broker holds back those that publish.
	const broker = await openBroker(config.RABBITMQ_URL, emit, 'consumer');
	stack.defer(() => broker.close());
	const jobs = await startJobs(broker, context, jobOptions(config));
	const sweep = createSweep({ ...stores, queue, hands: jobs, ...sweepOptions(config) });
	const sweeper = startSweeper(sweep, config.SWEEP_INTERVAL_MS, emit);
	stack.defer(() => sweeper.stop());
	stack.defer(() => jobs.stop());
}
