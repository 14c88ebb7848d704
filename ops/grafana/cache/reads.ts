import { uptime } from '../build/promises.ts';
import { quantile, series, type Where } from '../build/promql.ts';

const reads = 'read_duration_seconds';
type Path = 'cached' | 'uncached';
type WarmUp = 'on' | 'off';

/** How long reads take by this path, on the servers whose scrape says so of their warm-up. */
export function readTime(q: number, path: Path, warmup: WarmUp, over?: string): string {
	const where: Where<typeof reads> = { path, warmup };
	return quantile(q, reads, over ? { where, over } : { where });
}

/** How many times faster cached reads are. */
export function speedUp(q: number, warmup: WarmUp): string {
	const uncached = readTime(q, 'uncached', warmup, '$__range');
	return `${uncached} / ${readTime(q, 'cached', warmup, '$__range')}`;
}

const isYoung = `(${uptime} < $young)`;

/** Of cached reads, as long as their server is young. */
export function youngReadTime(q: number): string {
	const buckets = `rate(${series(reads, { path: 'cached' }, '_bucket')}[$__rate_interval])`;
	const young = `${buckets} and on (job, instance) ${isYoung}`;
	return `histogram_quantile(${q}, sum by (le, warmup) (${young}))`;
}

/** The share of hits on servers, as long as they are young. */
export function youngHitShare(): string {
	const rates = (where: Where<'cache_requests_total'>) =>
		`sum by (warmup) (rate(${series('cache_requests_total', where)}[$__rate_interval]) and on (job, instance) ${isYoung})`;
	return `${rates({ result: 'hit' })} / (${rates({ result: '!=bypass' })} > 0)`;
}
