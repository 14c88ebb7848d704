import { uptime } from '../build/promises.ts';
import { type Choice, quantile, rate, series, total, type Where } from '../build/promql.ts';

const reads = 'read_duration_seconds';
type Path = 'cached' | 'uncached';
type WarmUp = 'on' | 'off';

/** How long reads take by this path, separated by what the scrape says of their server's warm-up. */
export function readTime(q: number, path: Path, over?: string): string {
	return orUnknown(quantile(q, reads, { by: ['warmup'], where: { path }, ...(over && { over }) }));
}

/** How many times faster cached reads are, over the shown time. */
export function speedUp(q: number): string {
	return `${readTime(q, 'uncached', '$__range')} / ${readTime(q, 'cached', '$__range')}`;
}

/** How many times faster cached reads are on servers with a warm-up, over the shown time. */
export function warmUpGain(q: number): string {
	const cached = (warmup: WarmUp) =>
		quantile(q, reads, { where: { path: 'cached', warmup }, over: '$__range' });
	return `${cached('off')} / ${cached('on')}`;
}

export function readRate(): string {
	return orUnknown(rate(reads, { by: ['path', 'warmup'] }));
}

/** Reads behind each point of a quantile. */
export function readsInWindow(): string {
	const by: Choice<typeof reads>['by'] = ['path', 'warmup'];
	return orUnknown(total(reads, { by, over: '$__rate_interval' }));
}

function orUnknown(expr: string): string {
	return `label_replace(${expr}, "warmup", "unknown", "warmup", "")`;
}

const isYoung = `(${uptime} < $young)`;

/** Of cached reads, as long as their server is young. */
export function youngReadTime(q: number): string {
	const buckets = `rate(${series(reads, { path: 'cached' }, '_bucket')}[$__rate_interval])`;
	const young = `${buckets} and on (job, instance) ${isYoung}`;
	return orUnknown(`histogram_quantile(${q}, sum by (le, warmup) (${young}))`);
}

/** The share of hits on servers, as long as they are young. */
export function youngHitShare(): string {
	const rates = (where: Where<'cache_requests_total'>) =>
		`sum by (warmup) (rate(${series('cache_requests_total', where)}[$__rate_interval]) and on (job, instance) ${isYoung})`;
	return orUnknown(`${rates({ result: 'hit' })} / (${rates({ result: '!=bypass' })} > 0)`);
}
