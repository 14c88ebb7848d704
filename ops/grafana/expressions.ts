import type { MetricName } from '../monitoring/catalogue.ts';
import type { BoardFile, TargetFile } from './checks/board-file.ts';
import { boardFile } from './checks/board-file.ts';
import { metricsOf } from './checks/promql-names.ts';
import type { Language } from './checks/syntax.ts';
import { dashboardFiles } from './dashboards.ts';

/** One query of a board, ready to be asked. */
export interface Expression {
	board: string;
	/** A panel's title, or the name of a mark or a variable of the board. */
	of: string;
	place: 'panel' | 'annotation';
	language: Language;
	text: string;
	legend: string;
	instant: boolean;
	/** What a PromQL query reads; `jobOf` says who exposes it. */
	metrics: readonly MetricName[];
}

const usualValues = {
	__rate_interval: '1m',
	__interval: '15s',
	__range: '1h',
	job: 'server|worker',
	instance: '.+',
	young: '300',
};
export type Values = typeof usualValues;

/** Every dashboard, as its file says. */
export function boardFiles(): BoardFile[] {
	return [...dashboardFiles().values()].map((text) => boardFile.parse(JSON.parse(text)));
}

/** Every query of every panel and mark, with the boards' variables filled in; throws on an unknown one. */
export function expressions(values: Partial<Values> = {}): Expression[] {
	const filled = { ...usualValues, ...values };
	return boardFiles()
		.flatMap(({ title: board, panels, annotations }) => [
			...panels.flatMap(({ title: of, targets }) =>
				targets.flatMap((target) => {
					const query = queryOf(target);
					if (query === undefined) return [];
					const { legendFormat: legend = '', instant = false } = target;
					return [{ board, of, place: 'panel' as const, legend, instant, ...query }];
				}),
			),
			...annotations.list.map(({ name: of, expr: text }) => ({
				...{ board, of, place: 'annotation' as const, legend: '', instant: false },
				...{ language: 'promql' as const, text },
			})),
		])
		.map((query) => {
			const text = fill(query.text, filled);
			return { ...query, text, metrics: query.language === 'promql' ? metricsOf(text) : [] };
		});
}

/** Nothing for a service graph, which has no query of its own. */
function queryOf(target: TargetFile): { language: Language; text: string } | undefined {
	const { datasource, expr = '', query = '', queryType } = target;
	if (datasource.type === 'prometheus') return { language: 'promql', text: expr };
	if (datasource.type === 'loki') return { language: 'logql', text: expr };
	return queryType === 'serviceMap' ? undefined : { language: 'traceql', text: query };
}

function fill(text: string, values: Values): string {
	return text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => {
		if (isKnown(name)) return values[name];
		throw new Error(`no value for $${name} in ${text}`);
	});
}

function isKnown(name: string): name is keyof Values {
	return Object.hasOwn(usualValues, name);
}
