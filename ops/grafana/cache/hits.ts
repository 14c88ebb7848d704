import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { cacheHitShare } from '../build/promises.ts';
import { quantile, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toErrorLines, toSlowRequests } from '../build/searches.ts';
import * as units from '../build/units.ts';

export const hits: Row = {
	title: 'Hits, misses and what a miss costs',
	panels: [
		lines({
			title: 'Hits and misses a second',
			bad: 'error: Redis does not answer, reads go to MySQL; miss as high as hit.',
			next: 'error: Redis on the Infrastructure board; miss: evictions below.',
			width: 8,
			unit: units.perSecond,
			queries: [
				over(rate('cache_requests_total', { by: ['result'] }), '{{result}}'),
				over(rate('cache_coalesced_total'), 'coalesced'),
			],
			links: [toBoard('infrastructure'), toErrorLines],
		}),
		lines({
			title: 'Hit ratio',
			bad: 'below half while there is traffic.',
			next: 'evictions and restarts of Redis; `npm run warmup`.',
			width: 8,
			unit: units.share,
			max: 1,
			limits: { watch: 0.5, lowIsBad: true },
			queries: [over(cacheHitShare, 'hit')],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Cost of a miss',
			shows: 'Loading from MySQL and storing the entry, beside a hit.',
			bad: 'p95 above 250 ms: each miss breaks the promise for its reader.',
			next: 'the wait for connections and slow queries.',
			width: 8,
			unit: units.seconds,
			limits: { watch: 0.25 },
			queries: [
				over(quantile(0.5, 'cache_load_duration_seconds'), 'p50'),
				over(quantile(0.95, 'cache_load_duration_seconds'), 'p95'),
				over(
					quantile(0.95, 'read_duration_seconds', { where: { cache_result: 'hit' } }),
					'p95 of a hit',
				),
			],
			links: [toBoard('infrastructure'), toSlowRequests],
		}),
		lines({
			title: 'What the cache keeps from MySQL',
			shows: 'Reads through the cache, beside the loads from MySQL that they cause.',
			bad: 'loads as high as reads: the cache shields nothing.',
			next: 'the hit ratio; are the same contracts asked for at all?',
			width: 12,
			unit: units.perSecond,
			queries: [
				over(rate('read_duration_seconds', { where: { path: 'cached' } }), 'reads'),
				over(rate('cache_load_duration_seconds'), 'loads from MySQL'),
				over(rate('cache_coalesced_total'), 'loads saved by waiting for another'),
			],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: "The servers' queries a second",
			bad: 'SELECT rises while reads do not: misses.',
			next: 'the hit ratio, above.',
			width: 12,
			unit: units.perSecond,
			queries: [
				over(
					rate('db_client_operation_duration_seconds', {
						by: ['operation', 'collection'],
						where: { service: 'server' },
					}),
					'{{operation}} {{collection}}',
				),
			],
			links: [toBoard('infrastructure')],
		}),
	],
};
