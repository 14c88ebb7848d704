import {
	HeatmapColorMode,
	HeatmapColorOptionsBuilder,
	PanelBuilder,
	YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { prometheus } from './datasources.ts';
import { buckets } from './queries.ts';
import * as units from './units.ts';
import { type Words, withWords } from './words.ts';

/** How durations are spread, over time; two bands are two kinds of work. */
export function heat(spec: Words & { expr: string }): PanelBuilder {
	return withWords(new PanelBuilder(), spec, prometheus, [buckets(spec.expr)])
		.unit(units.seconds)
		.calculate(false)
		.cellGap(1)
		.color(
			new HeatmapColorOptionsBuilder()
				.mode(HeatmapColorMode.Scheme)
				.scheme('Blues')
				.fill('blue')
				.exponent(0.5)
				.steps(64)
				.reverse(false),
		)
		.yAxis(new YAxisConfigBuilder().unit(units.seconds));
}
