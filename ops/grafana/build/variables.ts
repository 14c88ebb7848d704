import {
	CustomVariableBuilder,
	DatasourceVariableBuilder,
	QueryVariableBuilder,
	VariableRefresh,
	VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { prometheus } from './datasources.ts';

type AnyVariable = DatasourceVariableBuilder | QueryVariableBuilder | CustomVariableBuilder;

/** Where to ask, and which of our processes to show; other systems' series are not narrowed. */
export function commonVariables(): AnyVariable[] {
	return [
		new DatasourceVariableBuilder('datasource')
			.label('Prometheus')
			.type('prometheus')
			.current({ text: 'Prometheus', value: 'prometheus' }),
		choice('job', 'Process', 'label_values(app_build_info, job)', 'server|worker'),
		choice('instance', 'Instance', 'label_values(app_build_info{job=~"$job"}, instance)', '.+'),
	];
}

function choice(name: string, label: string, query: string, all: string): QueryVariableBuilder {
	return new QueryVariableBuilder(name)
		.label(label)
		.datasource(prometheus)
		.query({ query, refId: name, qryType: 1 })
		.definition(query)
		.refresh(VariableRefresh.OnTimeRangeChanged)
		.sort(VariableSort.AlphabeticalAsc)
		.multi(true)
		.includeAll(true)
		.allValue(all)
		.current({ text: 'All', value: '$__all' });
}

/** How long after its start a process counts as young. */
export const young = new CustomVariableBuilder('young')
	.label('Young for (s)')
	.values('300,600,1200')
	.current({ text: '300', value: '300' });
