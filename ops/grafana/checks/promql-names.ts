import { type MetricName, metricOf, targetLabels } from '../../monitoring/catalogue.ts';
import { syntaxTree } from './syntax.ts';

export interface PromqlNames {
	/** Every series that is selected, with the labels it is selected by. */
	selected: { series: string; labels: string[] }[];
	/** Labels that an aggregation keeps, or that two sides are matched by. */
	grouped: string[];
	aggregates: boolean;
}

export function promqlNames(text: string): PromqlNames {
	const names: PromqlNames = { selected: [], grouped: [], aggregates: false };
	let grouping = false;
	syntaxTree('promql', text).iterate({
		enter({ name, from, to }) {
			const word = text.slice(from, to);
			if (name === 'AggregateExpr') names.aggregates = true;
			if (name === 'GroupingLabels') grouping = true;
			if (name === 'VectorSelector') names.selected.push({ series: '', labels: [] });
			const last = names.selected.at(-1);
			if (name === 'Identifier' && last) last.series = word;
			if (name !== 'LabelName') return;
			if (grouping) names.grouped.push(word);
			else last?.labels.push(word);
		},
		leave({ name }) {
			if (name === 'GroupingLabels') grouping = false;
		},
	});
	return names;
}

/** The metrics of the catalogue that a query reads. */
export function metricsOf(text: string): MetricName[] {
	const names = promqlNames(text).selected.flatMap(({ series }) => metricOf(series)?.name ?? []);
	return [...new Set(names)];
}

/** Names that no catalogue knows: a metric, or a label of it in a selector, a grouping or the legend. */
export function nameProblems(text: string, legend: string): string[] {
	const { selected, grouped, aggregates } = promqlNames(text);
	const metrics = selected.map(({ series, labels }) => ({
		series,
		labels,
		metric: metricOf(series),
	}));
	const allowed = new Set([
		...targetLabels,
		...metrics.flatMap(({ metric }) => metric?.labels ?? []),
	]);
	const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
	const kept = aggregates ? new Set(grouped) : allowed;
	return [
		...metrics.flatMap(({ series, metric }) => (metric ? [] : [`unknown metric ${series}`])),
		...metrics.flatMap(({ series, labels, metric }) =>
			labels
				.filter((label) => !isLabelOf(label, metric?.labels))
				.map((label) => `${series} has no label ${label}`),
		),
		...grouped
			.filter((label) => !allowed.has(label))
			.map((label) => `nothing has a label ${label}`),
		...shown.filter((label) => !kept.has(label)).map((label) => `the legend lost ${label}`),
	];
}

function isLabelOf(label: string, labels: readonly string[] = []): boolean {
	return labels.includes(label) || targetLabels.some((name) => name === label);
}
