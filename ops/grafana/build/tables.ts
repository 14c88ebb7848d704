import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { prometheus, tempo } from './datasources.ts';
import type { Link } from './links.ts';
import { asPanelLinks } from './links.ts';
import { nowAsTable, traceSearch } from './queries.ts';
import { type Words, withWords } from './words.ts';

export interface Table extends Words {
	unit: string;
	expr: string;
	/** Columns to show, in this order. */
	columns: readonly string[];
	/** What one value leads to. */
	rowLink?: Link;
	idle: string;
}

/** One row for each series, as it is now. */
export function table(spec: Table): PanelBuilder {
	const panel = withWords(new PanelBuilder(), spec, prometheus, [nowAsTable(spec.expr)])
		.unit(spec.unit)
		.noValue(spec.idle)
		.withTransformation(onlyColumns(spec.columns));
	return spec.rowLink ? panel.dataLinks(asPanelLinks([spec.rowLink])) : panel;
}

/** The values of one label against those of another. */
export function matrix(
	spec: Words & { unit: string; expr: string; row: string; column: string; idle: string },
): PanelBuilder {
	return withWords(new PanelBuilder(), spec, prometheus, [nowAsTable(spec.expr)])
		.unit(spec.unit)
		.decimals(0)
		.noValue(spec.idle)
		.withTransformation({
			id: 'groupingToMatrix',
			options: { rowField: spec.row, columnField: spec.column, valueField: 'Value' },
		});
}

/** Traces that a TraceQL query finds; a click on one opens it. */
export function traces(spec: Words & { query: string }): PanelBuilder {
	return withWords(new PanelBuilder(), spec, tempo, [traceSearch(spec.query)]).noValue(
		'none found',
	);
}

const none = { excludeByName: {}, renameByName: {} };

function onlyColumns(columns: readonly string[]): DataTransformerConfig {
	const order = Object.fromEntries(columns.map((name, index) => [name, index]));
	return {
		id: 'organize',
		options: { ...none, includeByName: included(columns), indexByName: order },
	};
}

function included(columns: readonly string[]) {
	return Object.fromEntries(columns.map((name) => [name, true]));
}
