import { Counter, Gauge, Histogram } from 'prom-client';
import { exemplar } from '../tracing/exemplar.ts';
import type { Metrics } from './registry.ts';

/** The labels of a metric with all values each may take: nothing that a stranger chooses. */
export type LabelSets = Readonly<Record<string, readonly string[]>>;

export type Labels<S extends LabelSets> = { readonly [K in keyof S]: S[K][number] };

interface Description<S extends LabelSets> {
	name: string;
	help: string;
	labels: S;
	/** Which combinations can occur, where not all of them. */
	only?: (labels: Labels<S>) => boolean;
}

/** A counter whose every series is there from the start, so that the first of anything is an increase. */
export function createCounter<const S extends LabelSets>(
	registry: Metrics,
	description: Description<S>,
): (labels: Labels<S>, by?: number) => void {
	const { name, help, labels } = description;
	const labelNames = Object.keys(labels);
	const counter = new Counter({ name, help, labelNames, registers: [registry] });
	for (const each of combinations(description)) counter.inc(each, 0);
	return (at, by = 1) => counter.inc(at, by);
}

/** A gauge that is set when something changes; every series begins at 0. */
export function createGauge<const S extends LabelSets>(
	registry: Metrics,
	description: Description<S>,
): (labels: Labels<S>, value: number) => void {
	const { name, help, labels } = description;
	const labelNames = Object.keys(labels);
	const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
	for (const each of combinations(description)) gauge.set(each, 0);
	return (at, value) => gauge.set(at, value);
}

/** A gauge without labels that is asked when it is scraped; `read` must not wait for anything. */
export function exportNumber(
	registry: Metrics,
	{ name, help, read }: { name: string; help: string; read: () => number },
): void {
	new Gauge({
		name,
		help,
		registers: [registry],
		collect() {
			this.set(read());
		},
	});
}

/** A histogram of seconds; what belongs to a sampled trace becomes the exemplar of its bucket. */
export function createHistogram<const S extends LabelSets>(
	registry: Metrics,
	description: Description<S> & { buckets: readonly number[] },
): (labels: Labels<S>, seconds: number) => void {
	const { name, help, labels, buckets } = description;
	const histogram = new Histogram({
		name,
		help,
		labelNames: Object.keys(labels),
		buckets: [...buckets],
		registers: [registry],
		enableExemplars: true,
	});
	for (const each of combinations(description)) histogram.zero(each);
	return (at, value) => {
		const exemplarLabels = exemplar();
		histogram.observe({ labels: at, value, ...(exemplarLabels && { exemplarLabels }) });
	};
}

function combinations<S extends LabelSets>({ labels, only }: Description<S>): Labels<S>[] {
	let sets: Record<string, string>[] = [{}];
	for (const [label, values] of Object.entries(labels)) {
		sets = sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value })));
	}
	// Each has one value of every label.
	const all = sets as Labels<S>[];
	return only ? all.filter(only) : all;
}
