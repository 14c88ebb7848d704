import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
	BarGaugeDisplayMode,
	BarGaugeValueMode,
	ReduceDataOptionsBuilder,
	VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { wordColours } from './colours.ts';
import { prometheus } from './datasources.ts';
import type { Query } from './queries.ts';
import { thresholds } from './thresholds.ts';
import { type Words, withWords } from './words.ts';

/** Sums of the shown time side by side, in the order of the queries. */
export function bars(spec: Words & { unit: string; queries: readonly Query[] }): PanelBuilder {
	const panel = withWords(new PanelBuilder(), spec, prometheus, spec.queries)
		.unit(spec.unit)
		.decimals(0)
		.min(0)
		.thresholds(thresholds(undefined))
		.displayMode(BarGaugeDisplayMode.Basic)
		.valueMode(BarGaugeValueMode.Color)
		.orientation(VizOrientation.Horizontal)
		.reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
	for (const { pattern, properties } of wordColours(spec.queries.map(({ legend }) => legend))) {
		panel.overrideByRegexp(pattern, properties);
	}
	return panel;
}
