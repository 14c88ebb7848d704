import {
	type CountedName,
	catalogue,
	type HistogramName,
	jobOf,
	type LabelOf,
	type MetricName,
} from '../../monitoring/catalogue.ts';

/** Which series, and by which labels they are distinguished. */
export interface Choice<N extends MetricName> {
	by?: readonly LabelOf<N>[];
	where?: Where<N>;
	over?: string;
}

/** A value begins with its operator (`!=ok`, `=~a|b`, `!~a|b`) where that is not `=`. */
export type Where<N extends MetricName> = Partial<Record<LabelOf<N>, string>>;

/** One metric's series: of the processes chosen above the board, or of the exporter's job. */
export function series<N extends MetricName>(name: N, where: Where<N> = {}, suffix = ''): string {
	const job = jobOf(name);
	const scope = job === 'own' ? { job: '=~$job', instance: '=~$instance' } : job ? { job } : {};
	const matchers = Object.entries<string | undefined>({ ...scope, ...where }).flatMap(
		([label, value]) => (value === undefined ? [] : [matcher(label, value)]),
	);
	return `${name}${suffix}${matchers.length > 0 ? `{${matchers.join(',')}}` : ''}`;
}

function matcher(label: string, value: string): string {
	const [, operator, text] = /^(=~|!=|!~)?(.*)$/.exec(value) ?? [];
	const either = operator === undefined && label === 'job' && value.includes('|');
	return `${label}${operator ?? (either ? '=~' : '=')}"${text}"`;
}

/** How many a second: of a counter, or of a histogram's observations. */
export function rate<N extends CountedName>(name: N, choice: Choice<N> = {}): string {
	return `${sum(choice.by)} (rate(${counted(name, choice)}))`;
}

/** How many in the time that the board shows, unless `over` says otherwise. */
export function total<N extends CountedName>(name: N, choice: Choice<N> = {}): string {
	return `${sum(choice.by)} (increase(${counted(name, { over: '$__range', ...choice })}))`;
}

function counted<N extends CountedName>(name: N, { where, over = '$__rate_interval' }: Choice<N>) {
	const suffix = catalogue[name].kind === 'histogram' ? '_count' : '';
	return `${series(name, where, suffix)}[${over}]`;
}

/** The duration that a share `q` of the observations did not exceed. */
export function quantile<N extends HistogramName>(
	q: number,
	name: N,
	{ by = [], where, over = '$__rate_interval' }: Choice<N> = {},
): string {
	const buckets = `rate(${series(name, where, '_bucket')}[${over}])`;
	return `histogram_quantile(${q}, ${sum(['le', ...by])} (${buckets}))`;
}

/** Unlike quantiles, means of stages that follow each other add up. */
export function mean<N extends HistogramName>(name: N, choice: Choice<N> = {}): string {
	const { by, where, over = '$__rate_interval' } = choice;
	const spent = `${sum(by)} (rate(${series(name, where, '_sum')}[${over}]))`;
	return ratio(spent, rate(name, choice));
}

/** The share of observations within `seconds`, which must be a bucket's bound. */
export function within<N extends HistogramName>(
	seconds: number,
	name: N,
	choice: Choice<N> = {},
): string {
	const { by, where, over = '$__rate_interval' } = choice;
	// Prometheus 3 stores the bound 60 as 60.0, earlier ones as it was exposed.
	const bound = Number.isInteger(seconds) ? `=~"${seconds}|${seconds}.0"` : `="${seconds}"`;
	const buckets = series(name, where, '_bucket').replace('{', `{le${bound},`);
	return ratio(`${sum(by)} (rate(${buckets}[${over}]))`, rate(name, choice));
}

/** A gauge over all that expose it. */
export function level<N extends MetricName>(
	how: 'max' | 'min' | 'sum',
	name: N,
	{ by, where }: Choice<N> = {},
): string {
	return `${how}${grouping(by)} (${series(name, where)})`;
}

/** Nothing, rather than a nonsense number, where `whole` is nothing. */
export function ratio(part: string, whole: string): string {
	return `${part} / (${whole} > 0)`;
}

/** Nought where nothing of the kind was ever seen. */
export function orZero(expr: string): string {
	return `(${expr} or vector(0))`;
}

function sum(by?: readonly string[]): string {
	return `sum${grouping(by)}`;
}

function grouping(by: readonly string[] = []): string {
	return by.length > 0 ? ` by (${by.join(', ')})` : '';
}
