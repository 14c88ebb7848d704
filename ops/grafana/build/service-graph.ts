import { PanelBuilder } from '@grafana/grafana-foundation-sdk/nodegraph';
import { tempo } from './datasources.ts';
import { serviceMap } from './queries.ts';
import { type Words, withWords } from './words.ts';

/** Who calls whom, from the traces that were kept. */
export function serviceGraph(spec: Words): PanelBuilder {
	return withWords(new PanelBuilder(), spec, tempo, [serviceMap()]);
}
