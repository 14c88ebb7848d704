import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import {
	DataqueryBuilder as PrometheusQuery,
	PromQueryFormat,
} from '@grafana/grafana-foundation-sdk/prometheus';
import {
	SearchTableType,
	DataqueryBuilder as TempoQuery,
} from '@grafana/grafana-foundation-sdk/tempo';
import { loki, prometheus, tempo } from './datasources.ts';

/** Gets its letter from the panel that it is put into. */
export interface Query {
	legend: string;
	build(refId: string): Builder<Dataquery>;
}

/** A line for each series over the shown time; latencies come with the traces of some requests. */
export function over(expr: string, legend: string): Query {
	return {
		legend,
		build: (refId) =>
			new PrometheusQuery()
				.refId(refId)
				.datasource(prometheus)
				.expr(expr)
				.legendFormat(legend)
				.exemplar(expr.includes('histogram_quantile'))
				.range(),
	};
}

/** The values at the end of the shown time. */
export function now(expr: string, legend: string): Query {
	return {
		legend,
		build: (refId) =>
			new PrometheusQuery()
				.refId(refId)
				.datasource(prometheus)
				.expr(expr)
				.legendFormat(legend)
				.instant(),
	};
}

export function nowAsTable(expr: string): Query {
	return {
		legend: '',
		build: (refId) =>
			new PrometheusQuery()
				.refId(refId)
				.datasource(prometheus)
				.expr(expr)
				.format(PromQueryFormat.Table)
				.instant(),
	};
}

export function buckets(expr: string): Query {
	return {
		legend: '',
		build: (refId) =>
			new PrometheusQuery()
				.refId(refId)
				.datasource(prometheus)
				.expr(expr)
				.legendFormat('{{le}}')
				.format(PromQueryFormat.Heatmap)
				.exemplar(true)
				.range(),
	};
}

export function logLines(expr: string): Query {
	return {
		legend: '',
		build: (refId) =>
			new LokiQuery().refId(refId).datasource(loki).expr(expr).queryType('range').maxLines(200),
	};
}

export function traceSearch(query: string): Query {
	return {
		legend: '',
		build: (refId) =>
			new TempoQuery()
				.refId(refId)
				.datasource(tempo)
				.queryType('traceql')
				.query(query)
				.tableType(SearchTableType.Traces)
				.limit(20)
				.spss(3)
				.filters([]),
	};
}

export function serviceMap(): Query {
	return {
		legend: '',
		build: (refId) =>
			new TempoQuery().refId(refId).datasource(tempo).queryType('serviceMap').filters([]),
	};
}
