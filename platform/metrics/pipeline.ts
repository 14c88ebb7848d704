import type { BrokerRole } from '../../domain/telemetry.ts';
import { type Config, sourceNames } from '../config.ts';
import type { Service } from '../service.ts';
import { createCacheOperations } from './cache-operations.ts';
import { createContractMetrics } from './contracts.ts';
import { createBrokerMetrics, createConsumeMetrics, createPublishMetrics } from './messages.ts';
import type { Metrics, Part } from './registry.ts';
import type { Reporter } from './reporter.ts';
import { createUpstreamMetrics } from './upstreams.ts';

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
		| 'upstreamCalled'
		| 'upstreamWaited'
		| 'breaker'
	>
>;

/** Whose metrics they are. */
export type Measured = Pick<Service, 'registry' | 'part' | 'config'>;

const roles: Record<Part, readonly BrokerRole[]> = {
	server: ['publisher'],
	worker: ['publisher', 'consumer'],
	warmup: [],
};

/** What the way of a contract is measured by; in each process only what can happen there. */
export function createPipeline({ registry, part, config }: Measured): Pipeline {
	const cacheAsked = createCacheOperations(registry);
	if (part === 'warmup') return { cacheAsked };
	return {
		cacheAsked,
		changed: createContractMetrics(registry, part),
		...createPublishMetrics(registry),
		broker: createBrokerMetrics(registry, roles[part]),
		...(part === 'worker' ? ofWorker(registry, config) : {}),
	};
}

function ofWorker(registry: Metrics, config: Config): Pipeline {
	return {
		...createConsumeMetrics(registry),
		...createUpstreamMetrics(registry, sourceNames(config)),
	};
}
