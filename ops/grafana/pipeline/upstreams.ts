import type { Row } from '../build/board.ts';
import { colours } from '../build/colours.ts';
import { wordsFor } from '../build/figure.ts';
import { lines } from '../build/lines.ts';
import { level, quantile, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toFailedJobs, toSlowJobs, toWorkerLines } from '../build/searches.ts';
import { states } from '../build/states.ts';
import * as units from '../build/units.ts';

const calls = 'upstream_request_duration_seconds';
const byUpstream = { by: ['upstream'] } as const;

const breaker = wordsFor({
	'0': { text: 'closed', color: colours.good },
	'1': { text: 'half-open', color: colours.theirs },
	'2': { text: 'open', color: colours.watch },
});

export const upstreams: Row = {
	title: 'Upstreams',
	panels: [
		lines({
			title: 'Calls a second, by outcome',
			shows:
				'not_found and unusable (too large, malformed) are about the contract that was asked for.',
			bad: 'rate_limited: our limits are above theirs; http_5xx and timeout: they are ill; nothing but unusable: their format changed.',
			next: 'their status page; the breaker below; a failed trace.',
			width: 8,
			unit: units.perSecond,
			queries: [over(rate(calls, { by: ['upstream', 'outcome'] }), '{{upstream}} {{outcome}}')],
			links: [toFailedJobs],
		}),
		lines({
			title: 'How long calls take (p95)',
			bad: 'near UPSTREAM_TIMEOUT_MS.',
			next: 'nothing to do here but to ask another one first (SOURCES).',
			width: 8,
			unit: units.seconds,
			queries: [
				over(quantile(0.95, calls, { by: ['upstream', 'endpoint'] }), '{{upstream}} {{endpoint}}'),
			],
			links: [toSlowJobs],
		}),
		lines({
			title: 'Wait for a turn (p95)',
			shows: "Our own limits make jobs wait, so as to keep to the upstreams' rates.",
			bad: 'above 10 s for ten minutes: more work than the keys allow.',
			next: 'more keys or a larger plan; is a client refreshing in a loop?',
			width: 8,
			unit: units.seconds,
			limits: { watch: 10 },
			queries: [
				over(quantile(0.95, 'upstream_rate_limit_wait_seconds', byUpstream), '{{upstream}}'),
			],
			links: [toSlowJobs],
		}),
		states({
			title: 'Breakers',
			shows: 'Open: this upstream is left alone for a while, and the next one is asked.',
			bad: 'open for long, or all of them at once.',
			next: 'calls by outcome say why; our own network?',
			width: 12,
			mappings: breaker,
			queries: [over(level('max', 'circuit_breaker_state', byUpstream), '{{upstream}}')],
			links: [toWorkerLines],
		}),
		lines({
			title: 'Calls left today',
			shows: 'By account, where its quota is known.',
			bad: 'it will reach nought before midnight (UTC).',
			next: 'another key; `npm run admin -- keys list`.',
			width: 12,
			unit: units.count,
			queries: [
				over(
					level('min', 'upstream_calls_left_today', { by: ['upstream', 'account'] }),
					'{{upstream}} {{account}}',
				),
			],
			links: [toWorkerLines],
		}),
	],
};
