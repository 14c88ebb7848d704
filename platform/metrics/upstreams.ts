import { callOutcomes } from '../../domain/ports.ts';
import { nameOf, type UpstreamName, upstreams } from '../../domain/upstreams.ts';
import { waitSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import type { Reporter } from './reporter.ts';
import { createGauge, createHistogram } from './series.ts';

export type UpstreamMetrics = Pick<Reporter, 'upstreamCalled' | 'upstreamWaited' | 'breaker'>;

const states = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Of the upstreams that the configuration names. */
export function createUpstreamMetrics(
	registry: Metrics,
	names: readonly UpstreamName[],
): UpstreamMetrics {
	const took = createHistogram(registry, {
		name: 'upstream_request_duration_seconds',
		help: 'From a request to an upstream to what was made of its answer',
		labels: { upstream: names, endpoint: ['source', 'chainlist'], outcome: callOutcomes },
		only: ({ upstream, endpoint }) => endpoint === 'source' || upstreams[upstream].listsChains,
		buckets: waitSeconds,
	});
	const wait = createHistogram(registry, {
		name: 'upstream_rate_limit_wait_seconds',
		help: 'How long a download waited for its turn to call, or would have had to',
		labels: { upstream: names },
		buckets: waitSeconds,
	});
	const breaker = createGauge(registry, {
		name: 'circuit_breaker_state',
		help: '0: asked, 1: one call tries, 2: left alone',
		labels: { upstream: names },
	});
	return {
		upstreamCalled(upstream, { endpoint, outcome }, seconds) {
			took({ upstream: nameOf(upstream), endpoint, outcome }, seconds);
		},
		upstreamWaited: (upstream, seconds) => wait({ upstream: nameOf(upstream) }, seconds),
		breaker: (upstream, state) => breaker({ upstream: nameOf(upstream) }, states[state]),
	};
}
