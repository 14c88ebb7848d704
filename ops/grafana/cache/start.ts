import type { Row } from '../build/board.ts';
import { figure } from '../build/figure.ts';
import { heat } from '../build/heat.ts';
import { lines } from '../build/lines.ts';
import { toBoard, toLogs } from '../build/links.ts';
import { level, series } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toSlowRequests } from '../build/searches.ts';
import * as units from '../build/units.ts';
import { readsInWindow, youngHitShare, youngReadTime } from './reads.ts';

const toWarmupLines = toLogs("The warm-up's lines", '{service_name="verifeed-warmup"}');
const cachedReads = series('read_duration_seconds', { path: 'cached' }, '_bucket');
const lastWarmup = series('cache_warmup_last_success_timestamp_seconds');

export const start: Row = {
	title: 'What the warm-up buys',
	panels: [
		lines({
			title: 'Cached reads just after a start (p95)',
			shows: 'Only while a server is young (see "Young for" above the board).',
			bad: 'warm-up on no lower than off.',
			next: 'how many entries did it fill, and were they those that are asked for?',
			width: 8,
			unit: units.seconds,
			queries: [over(youngReadTime(0.95), 'cached, warm-up {{warmup}}')],
			links: [toWarmupLines],
		}),
		lines({
			title: 'Hits just after a start',
			shows: 'How the share of hits climbs while a server is young.',
			bad: 'it starts low although the warm-up is on.',
			next: 'its last run and its entries, beside.',
			width: 8,
			unit: units.share,
			max: 1,
			queries: [over(youngHitShare(), 'warm-up {{warmup}}')],
			links: [toWarmupLines],
		}),
		heat({
			title: 'How cached reads are spread',
			shows: 'Two bands are normal: hits below, misses above.',
			bad: 'the upper band grows darker, or the lower one moves up.',
			next: 'upper: hits and misses; lower: latency of Redis.',
			width: 8,
			expr: `sum by (le) (increase(${cachedReads}[$__rate_interval]))`,
			links: [toSlowRequests],
		}),
		lines({
			title: 'Reads in each window',
			shows: 'How many reads stand behind each point of the quantiles.',
			bad: 'below 1,000: p95 and p99 are chance.',
			next: 'a longer time, or more load.',
			width: 8,
			unit: units.count,
			limits: { watch: 1000, lowIsBad: true },
			queries: [over(readsInWindow(), '{{path}}, warm-up {{warmup}}')],
			links: [toBoard('overview')],
		}),
		figure({
			title: 'Last warm-up',
			shows: 'When it ended. Before 1971: never.',
			bad: 'older than the last start of Redis.',
			next: '`npm run warmup`, then its log lines.',
			width: 4,
			height: 8,
			unit: units.timestamp,
			idle: 'not known',
			queries: [over(`max (${lastWarmup}) * 1000`, 'ended')],
			links: [toWarmupLines],
		}),
		figure({
			title: 'It took',
			bad: 'longer than servers may wait for it.',
			next: 'fewer entries, or a faster database.',
			width: 4,
			height: 8,
			unit: units.seconds,
			idle: 'not known',
			queries: [over(level('max', 'cache_warmup_duration_seconds'), 'seconds')],
			links: [toWarmupLines],
		}),
		figure({
			title: 'Entries of the last warm-up',
			bad: 'few filled, many skipped.',
			next: 'skipped ones changed meanwhile or were there already: see its log lines.',
			width: 8,
			height: 8,
			unit: units.count,
			named: true,
			idle: 'not known',
			queries: [over(level('max', 'cache_warmup_entries', { by: ['result'] }), '{{result}}')],
			links: [toWarmupLines],
		}),
	],
};
