import {
	BigValueColorMode,
	BigValueGraphMode,
	BigValueTextMode,
	ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
	MappingType,
	SpecialValueMatch,
	type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { colours } from './colours.ts';
import { prometheus } from './datasources.ts';
import type { Query } from './queries.ts';
import { type Limits, thresholds } from './thresholds.ts';
import { type Words, withWords } from './words.ts';

export interface Figure extends Words {
	unit: string;
	queries: readonly Query[];
	limits?: Limits;
	decimals?: number;
	/** What stands there when there is no value, such as `no traffic`. */
	idle: string;
	mappings?: ValueMapping[];
	named?: boolean;
}

/**
 * The last value, large, in the colour of its limits. Of a query over time that is one from before, where there is
 * none any more: a figure that is to say so asks for `now`.
 */
export function figure(spec: Figure): PanelBuilder {
	const panel = withWords(new PanelBuilder(), { height: 4, ...spec }, prometheus, spec.queries)
		.unit(spec.unit)
		.noValue(spec.idle)
		.mappings([...(spec.mappings ?? []), notANumber(spec.idle)])
		.thresholds(thresholds(spec.limits))
		.colorMode(
			spec.limits || spec.mappings ? BigValueColorMode.Background : BigValueColorMode.Value,
		)
		.graphMode(spec.named ? BigValueGraphMode.None : BigValueGraphMode.Area)
		.textMode(spec.named ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto)
		.reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
	if (spec.decimals !== undefined) panel.decimals(spec.decimals);
	return panel;
}

function notANumber(text: string): ValueMapping {
	return {
		type: MappingType.SpecialValue,
		options: { match: SpecialValueMatch.NullAndNan, result: { text, color: colours.quiet } },
	};
}

/** For values that stand for words, as 0 for down. */
export function wordsFor(meaning: Record<string, { text: string; color: string }>): ValueMapping[] {
	return [{ type: MappingType.ValueToText, options: meaning }];
}

export const upOrDown = wordsFor({
	'0': { text: 'DOWN', color: colours.act },
	'1': { text: 'up', color: colours.good },
});
