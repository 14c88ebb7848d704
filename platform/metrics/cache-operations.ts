import { cacheOperations } from '../../domain/telemetry.ts';
import { redisSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import type { Reporter } from './reporter.ts';
import { createHistogram } from './series.ts';

export function createCacheOperations(registry: Metrics): Reporter['cacheAsked'] {
	const took = createHistogram(registry, {
		name: 'cache_operation_duration_seconds',
		help: 'How long Redis took over an entry of the cache, or to tell of an event',
		labels: { cache: ['contract'], op: cacheOperations },
		buckets: redisSeconds,
	});
	return (op, seconds) => took({ cache: 'contract', op }, seconds);
}
