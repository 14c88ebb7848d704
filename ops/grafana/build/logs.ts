import { LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { loki } from './datasources.ts';
import { logLines } from './queries.ts';
import { type Words, withWords } from './words.ts';

/** Log lines; an opened one leads to its trace, by the data source's link for `trace_id`. */
export function logs(spec: Words & { expr: string }): PanelBuilder {
	return withWords(new PanelBuilder(), spec, loki, [logLines(spec.expr)])
		.showTime(true)
		.wrapLogMessage(true)
		.prettifyLogMessage(false)
		.enableLogDetails(true)
		.sortOrder(LogsSortOrder.Descending);
}
