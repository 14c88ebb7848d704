import type { BrokerRole, Reporter } from '../../domain/reporter.ts';
import { createCacheOperations } from './cache-operations.ts';
import { createContractMetrics } from './contracts.ts';
import { createBrokerMetrics, createConsumeMetrics, createPublishMetrics } from './messages.ts';
import type { Metrics, Part } from './registry.ts';

export type Pipeline = Partial<
	Pick<
		Reporter,
		| 'changed'
		| 'published'
		| 'received'
		| 'begun'
		| 'answered'
		| 'deadLettered'
		| 'jobEnded'
		| 'broker'
		| 'cacheAsked'
	>
>;

const roles: Record<Part, readonly BrokerRole[]> = {
	server: ['publisher'],
	worker: ['publisher', 'consumer'],
	warmup: [],
};

/** What the way of a contract is measured by; in each process only what can happen there. */
export function createPipeline(registry: Metrics, part: Part): Pipeline {
	const cacheAsked = createCacheOperations(registry);
	if (part === 'warmup') return { cacheAsked };
	return {
		cacheAsked,
		changed: createContractMetrics(registry, part),
		...createPublishMetrics(registry),
		broker: createBrokerMetrics(registry, roles[part]),
		...(part === 'worker' ? createConsumeMetrics(registry) : {}),
	};
}
