import { nodeMetrics } from './catalogue/machine.ts';
import type { Kind, Metric } from './catalogue/metric.ts';
import { ownMetrics, sharedMetrics, warmupMetrics } from './catalogue/own.ts';
import { mysqlMetrics, queueMetrics, rabbitmqMetrics, redisMetrics } from './catalogue/services.ts';
import {
	alertmanagerMetrics,
	generatedMetrics,
	lokiMetrics,
	prometheusMetrics,
	scrapeMetrics,
	tempoMetrics,
} from './catalogue/telemetry.ts';

/** Every metric that a panel or a rule may name, with its labels. All their values are from closed sets. */
export const catalogue = {
	...ownMetrics,
	...sharedMetrics,
	...warmupMetrics,
	...rabbitmqMetrics,
	...queueMetrics,
	...mysqlMetrics,
	...redisMetrics,
	...nodeMetrics,
	...scrapeMetrics,
	...prometheusMetrics,
	...alertmanagerMetrics,
	...lokiMetrics,
	...tempoMetrics,
	...generatedMetrics,
} as const;

/** What Prometheus puts on every series it scrapes; `warmup` only where a scrape says so. */
export const targetLabels = ['job', 'instance', 'service', 'warmup'] as const;

/** `own`: the processes chosen above the board. Others: the Prometheus jobs that expose them, or none. */
const exposedBy = [
	[ownMetrics, 'own'],
	[sharedMetrics, 'worker'],
	[warmupMetrics, 'server|worker'],
	[rabbitmqMetrics, 'rabbitmq'],
	[queueMetrics, 'rabbitmq-detailed'],
	[mysqlMetrics, 'mysql'],
	[redisMetrics, 'redis'],
	[nodeMetrics, 'node'],
	[prometheusMetrics, 'prometheus'],
	[alertmanagerMetrics, 'alertmanager'],
	[lokiMetrics, 'loki'],
	[tempoMetrics, 'tempo'],
] as const;

export type MetricName = keyof typeof catalogue;
type OfKind<K extends Kind> = {
	[N in MetricName]: (typeof catalogue)[N]['kind'] extends K ? N : never;
}[MetricName];
export type HistogramName = OfKind<'histogram'>;
export type CountedName = OfKind<'histogram' | 'counter'>;
export type LabelOf<N extends MetricName> =
	| (typeof catalogue)[N]['labels'][number]
	| (typeof targetLabels)[number];

export function jobOf(name: MetricName): string | undefined {
	return exposedBy.find(([metrics]) => name in metrics)?.[1];
}

/** Finds the metric of a series' name: `x_bucket`, `x_sum` and `x_count` belong to the histogram `x`. */
export function metricOf(series: string): ({ name: MetricName } & Metric) | undefined {
	if (isMetric(series)) {
		const metric: Metric = catalogue[series];
		return metric.kind === 'histogram' ? undefined : { name: series, ...metric };
	}
	const [, base = '', part] = /^(.+)_(bucket|sum|count)$/.exec(series) ?? [];
	if (!isMetric(base) || catalogue[base].kind !== 'histogram') return undefined;
	const labels: readonly string[] = catalogue[base].labels;
	return { name: base, kind: 'histogram', labels: part === 'bucket' ? [...labels, 'le'] : labels };
}

function isMetric(name: string): name is MetricName {
	return Object.hasOwn(catalogue, name);
}
