import { callOutcomes } from '../../domain/ports.ts';
import { type Provider, providers } from '../../domain/source.ts';
import { waitSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import type { Reporter } from './reporter.ts';
import { createGauge, createHistogram } from './series.ts';

export type UpstreamMetrics = Pick<Reporter, 'upstreamCalled' | 'upstreamWaited' | 'breaker'>;

const states = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Of the upstreams that the configuration names. */
export function createUpstreamMetrics(
	registry: Metrics,
	named: readonly Provider[],
): UpstreamMetrics {
	const upstreams = named.map(labelOf);
	const took = createHistogram(registry, {
		name: 'upstream_request_duration_seconds',
		help: 'From a request to an upstream to what was made of its answer',
		labels: { upstream: upstreams, endpoint: ['source', 'chainlist'], outcome: callOutcomes },
		// Only Etherscan is asked for its chains.
		only: ({ upstream, endpoint }) => endpoint === 'source' || upstream === 'etherscan',
		buckets: waitSeconds,
	});
	const wait = createHistogram(registry, {
		name: 'upstream_rate_limit_wait_seconds',
		help: 'How long a download waited for its turn to call, or would have had to',
		labels: { upstream: upstreams },
		buckets: waitSeconds,
	});
	const breaker = createGauge(registry, {
		name: 'circuit_breaker_state',
		help: '0: asked, 1: one call tries, 2: left alone',
		labels: { upstream: upstreams },
	});
	return {
		upstreamCalled(upstream, { endpoint, outcome }, seconds) {
			took({ upstream: labelOf(upstream), endpoint, outcome }, seconds);
		},
		upstreamWaited: (upstream, seconds) => wait({ upstream: labelOf(upstream) }, seconds),
		breaker: (upstream, state) => breaker({ upstream: labelOf(upstream) }, states[state]),
	};
}

const labels = { ETHERSCAN: 'etherscan', SOURCIFY: 'sourcify', BLOCKSCOUT: 'blockscout' } as const;

function labelOf(provider: Provider): (typeof labels)[Provider] {
	return labels[provider];
}

/** Of the names in the configuration. */
export function providersOf(names: readonly string[]): Provider[] {
	return providers.filter((provider) => names.includes(labelOf(provider)));
}
