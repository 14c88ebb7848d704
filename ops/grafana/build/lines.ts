import {
	GraphDrawStyle,
	GraphThresholdsStyleConfigBuilder,
	GraphThresholdsStyleMode,
	LegendDisplayMode,
	LegendPlacement,
	SortOrder,
	StackingConfigBuilder,
	StackingMode,
	TooltipDisplayMode,
	VizLegendOptionsBuilder,
	VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { wordColours } from './colours.ts';
import { prometheus } from './datasources.ts';
import type { Query } from './queries.ts';
import { type Limits, thresholds } from './thresholds.ts';
import { type Words, withWords } from './words.ts';

export interface Lines extends Words {
	unit: string;
	queries: readonly Query[];
	/** Drawn as dashed lines. */
	limits?: Limits;
	stacked?: boolean;
	/** The axis ends here at the latest, as 1 for a share. */
	max?: number;
}

/** Values over time. */
export function lines(spec: Lines): PanelBuilder {
	const panel = withWords(new PanelBuilder(), spec, prometheus, spec.queries)
		.unit(spec.unit)
		.min(0)
		.drawStyle(GraphDrawStyle.Line)
		.lineWidth(1)
		.fillOpacity(spec.stacked ? 30 : 8)
		.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
		.legend(
			new VizLegendOptionsBuilder()
				.displayMode(LegendDisplayMode.List)
				.placement(LegendPlacement.Bottom)
				.showLegend(true),
		)
		.tooltip(
			new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
		);
	if (spec.max !== undefined) panel.max(spec.max);
	if (spec.stacked)
		panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
	if (spec.limits) {
		const style = new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed);
		panel.thresholds(thresholds(spec.limits)).thresholdsStyle(style);
	}
	for (const { pattern, properties } of wordColours(spec.queries.map(({ legend }) => legend))) {
		panel.overrideByRegexp(pattern, properties);
	}
	return panel;
}
