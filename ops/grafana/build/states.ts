import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { prometheus } from './datasources.ts';
import type { Query } from './queries.ts';
import * as units from './units.ts';
import { type Words, withWords } from './words.ts';

export interface States extends Words {
	queries: readonly Query[];
	mappings: ValueMapping[];
}

/** Which state each thing was in, and when. */
export function states(spec: States): PanelBuilder {
	return withWords(new PanelBuilder(), spec, prometheus, spec.queries)
		.unit(units.count)
		.mappings(spec.mappings)
		.mergeValues(true)
		.showValue(VisibilityMode.Auto)
		.fillOpacity(80);
}
