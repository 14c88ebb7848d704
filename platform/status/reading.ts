import type { MetricObjectWithValues, MetricValueWithName } from 'prom-client';
import type { Metrics } from '../metrics/registry.ts';

/** Labels and the values they have to have. */
export type Where = Readonly<Record<string, string>>;

/** What a process' own metrics say at one moment; of a metric that is not there nothing is known. */
export interface Reading {
	has(name: string): boolean;
	/** The sum of all series that fit. */
	sum(name: string, where?: Where): number;
	/** Sums by the value of a label. */
	by(name: string, label: string, where?: Where): [value: string, sum: number][];
	/** How many a histogram has counted, and how long most of them took; of none, null. */
	spread(name: string, where?: Where): { count: number; seconds: number; p95: number } | null;
}

type Value = MetricValueWithName<string>;
/** Its reading begins the measurement of the event loop anew, for Prometheus too. */
const onlyForScrapes = 'nodejs_eventloop_lag_seconds';
// Some are asked of Redis, which may be away.
const patienceMs = 1_000;

export async function readMetrics(registry: Metrics): Promise<Reading> {
	const readable = registry.getMetricsAsArray().filter(({ name }) => name !== onlyForScrapes);
	const all = await Promise.all(
		readable.map(async ({ name }) => {
			// When OpenMetrics is written, the library takes the end from a counter's name.
			const whole = registry.getSingleMetric(name) ? name : `${name}_total`;
			return [whole, await inTime(registry, whole)] as const;
		}),
	);
	const metrics = new Map(all.flatMap(([name, metric]) => (metric ? [[name, metric]] : [])));

	function samples(name: string, where: Where, part = ''): Value[] {
		const values = metrics.get(name)?.values ?? [];
		return values.filter(
			({ labels, metricName }) =>
				(metricName ?? name) === name + part &&
				Object.entries(where).every(([label, value]) => String(labels[label] ?? '') === value),
		);
	}
	return {
		has: (name) => metrics.has(name),
		sum: (name, where = {}) => total(samples(name, where)),
		by(name, label, where = {}) {
			const sums = new Map<string, number>();
			const part = samples(name, where).length > 0 ? '' : '_count';
			for (const { labels, value } of samples(name, where, part)) {
				const key = String(labels[label] ?? '');
				sums.set(key, (sums.get(key) ?? 0) + value);
			}
			return [...sums];
		},
		spread(name, where = {}) {
			const count = total(samples(name, where, '_count'));
			if (count === 0) return null;
			const seconds = total(samples(name, where, '_sum'));
			return { count, seconds, p95: quantile(0.95, samples(name, where, '_bucket')) };
		},
	};
}

async function inTime(
	registry: Metrics,
	name: string,
): Promise<MetricObjectWithValues<Value> | null> {
	const { promise: late, resolve } = Promise.withResolvers<null>();
	const timer = setTimeout(() => resolve(null), patienceMs);
	try {
		// Its values have names where it is a histogram; of others they are those of the metric.
		const read = registry.getSingleMetric(name)?.get() as Promise<MetricObjectWithValues<Value>>;
		return await Promise.race([read, late]);
	} catch {
		return null;
	} finally {
		clearTimeout(timer);
	}
}

function total(values: readonly Value[]): number {
	return values.reduce((sum, { value }) => sum + value, 0);
}

/** As Prometheus guesses it: evenly spread within a bucket, and never above the last bound. */
function quantile(share: number, buckets: readonly Value[]): number {
	const sums = new Map<number, number>();
	for (const { labels, value } of buckets) {
		const bound = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
		sums.set(bound, (sums.get(bound) ?? 0) + value);
	}
	const bounds = [...sums].sort(([a], [b]) => a - b);
	const rank = share * (bounds.at(-1)?.[1] ?? 0);
	let [below, counted] = [0, 0];
	for (const [bound, count] of bounds) {
		if (count >= rank && count > counted) {
			if (bound === Number.POSITIVE_INFINITY) return below;
			return below + ((bound - below) * (rank - counted)) / (count - counted);
		}
		[below, counted] = [bound, count];
	}
	return below;
}
