import type { Row } from '../build/board.ts';
import { figure } from '../build/figure.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { note } from '../build/note.ts';
import { now, over } from '../build/queries.ts';
import { toSlowRequests } from '../build/searches.ts';
import * as units from '../build/units.ts';
import { readRate, readTime, speedUp, warmUpGain } from './reads.ts';

const howToRead = `Two servers, each with its own Redis, whose scrape has the label \`warmup="on"\` or \`"off"\`; or two runs one after the other. Without the label: unknown.

- Compare **at equal load**: look at "Reads a second" first. A server that gets less is faster for that alone.
- A p95 needs about **1,000 reads** in its window, a p99 more: below the dashed line of "Reads in each window" it is chance.
- The ratios are over the whole shown time: choose a time in which only one thing differs.`;

function timeOf(q: number, width: number) {
	const percent = `p${q * 100}`;
	return lines({
		title: `Reads, ${percent}`,
		shows: 'The four ways of reading. The dots are traces.',
		bad: 'cached as slow as uncached, or warm-up on as slow as off.',
		next: 'hits and misses below: a cache that misses costs more than none.',
		width,
		unit: units.seconds,
		queries: [
			over(readTime(q, 'cached'), 'cached, warm-up {{warmup}}'),
			over(readTime(q, 'uncached'), 'uncached, warm-up {{warmup}}'),
		],
		links: [toSlowRequests],
	});
}

export const comparison: Row = {
	title: 'Cached against uncached, with and without warm-up',
	panels: [
		figure({
			title: 'Cached reads are faster by',
			shows: 'p95 of uncached reads divided by p95 of cached ones, over the shown time.',
			bad: 'below 1: reading through the cache is slower than reading MySQL.',
			next: 'hit ratio, then the latency of Redis.',
			width: 8,
			unit: units.times,
			decimals: 1,
			limits: { watch: 1, lowIsBad: true },
			named: true,
			idle: 'no reads',
			queries: [now(speedUp(0.95), 'warm-up {{warmup}}')],
			links: [toSlowRequests],
		}),
		figure({
			title: 'Warm-up makes cached reads faster by',
			shows: 'p95 of cached reads with warm-up off, divided by that with it on.',
			bad: 'about 1 just after a start: the warm-up gains nothing (later on it is normal).',
			next: 'did it run? See "The warm-up" below.',
			width: 4,
			unit: units.times,
			decimals: 1,
			idle: 'no reads',
			queries: [now(warmUpGain(0.95), 'ratio')],
			links: [toBoard('infrastructure')],
		}),
		note('How to compare', 12, 4, howToRead),
		timeOf(0.5, 6),
		timeOf(0.95, 6),
		timeOf(0.99, 6),
		lines({
			title: 'Reads a second',
			shows: 'The load under which each way was measured.',
			bad: 'unequal lines: the comparison above is not fair.',
			next: 'spread clients evenly, or run the benchmark.',
			width: 6,
			unit: units.perSecond,
			queries: [over(readRate(), '{{path}}, warm-up {{warmup}}')],
			links: [toBoard('overview')],
		}),
	],
};
