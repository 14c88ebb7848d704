import { type CacheRead, cacheResults } from '../../domain/telemetry.ts';
import { answerSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import type { Reporter } from './reporter.ts';
import { createCounter, createHistogram } from './series.ts';

type Reads = Pick<Reporter, 'cacheRead' | 'cacheFilled' | 'contractRead'>;

const cache = 'contract';
/** A hit takes less than the first bound of an answer. */
const buckets = [0.0005, 0.001, 0.0025, ...answerSeconds];
const requested = ['hit', 'miss', 'stale', 'bypass', 'error'] as const;

/** How contracts are read, through the cache and past it. */
export function createReadMetrics(registry: Metrics): Reads {
	const requests = createCounter(registry, {
		name: 'cache_requests_total',
		help: 'Reads through the cache; stale: an entry from before a fail-over, which counts as none',
		labels: { cache: [cache], result: requested },
	});
	const coalesced = createCounter(registry, {
		name: 'cache_coalesced_total',
		help: 'Misses that waited for a load under way instead of a load of their own',
		labels: { cache: [cache] },
	});
	const loads = createHistogram(registry, {
		name: 'cache_load_duration_seconds',
		help: 'What a miss costs: reading the database and filling the cache',
		labels: { cache: [cache] },
		buckets,
	});
	const reads = createHistogram(registry, {
		name: 'read_duration_seconds',
		help: 'Reads of one contract, straight from the database or through the cache',
		labels: { path: ['cached', 'uncached'], cache_result: cacheResults },
		only: ({ path, cache_result }) => (path === 'uncached') === (cache_result === 'none'),
		buckets,
	});
	return {
		cacheRead(result: CacheRead) {
			if (result === 'coalesced') coalesced({ cache });
			requests({ cache, result: result === 'coalesced' ? 'miss' : result });
		},
		cacheFilled: (seconds) => loads({ cache }, seconds),
		contractRead: (path, cacheResult, seconds) =>
			reads({ path, cache_result: cacheResult }, seconds),
	};
}
