import type { PanelFile, TargetFile } from './board-file.ts';
import { boardUids, datasourceUids, withoutUnit } from './known.ts';

/** What is wrong with one panel, for a person to read. */
export function panelProblems(panel: PanelFile): string[] {
	if (panel.type === 'row' || panel.type === 'text') return [];
	const { description = '', datasource, targets, links, fieldConfig } = panel;
	const letters = targets.map(({ refId }) => refId);
	return [
		...flag(!fieldConfig?.defaults.unit && needsUnit(panel), 'no unit'),
		...flag(!/\*\*Bad:\*\* \S/.test(description), 'does not say what is bad'),
		...flag(!/\*\*Next:\*\* \S/.test(description), 'does not say what next'),
		...flag(!datasource || !datasourceUids.includes(datasource.uid), 'unknown data source'),
		...flag(targets.length === 0, 'no query'),
		...flag(new Set(letters).size < letters.length, 'a letter twice'),
		...flag(links.length === 0, 'leads nowhere'),
		...[...links, ...(fieldConfig?.defaults.links ?? [])].flatMap(({ url }) => linkProblems(url)),
		...targets.flatMap(targetProblems),
	];
}

export function linkProblems(url: string): string[] {
	if (url.startsWith('/alerting/') || url.startsWith('/explore?')) return [];
	const uid = /^\/d\/([^?]+)/.exec(url)?.[1];
	return flag(uid === undefined || !boardUids.includes(uid), `leads to nothing known: ${url}`);
}

function needsUnit({ type, datasource }: PanelFile): boolean {
	return !withoutUnit.includes(type) && datasource?.uid !== 'tempo';
}

function targetProblems({ refId, datasource, expr = '', exemplar, instant }: TargetFile): string[] {
	const windows = [...expr.matchAll(/\[([^\]:]+)[\]:]/g)].map(([, window = '']) => window);
	const odd = windows.filter((window) => !['$__rate_interval', '$__range', '30d'].includes(window));
	return [
		...flag(!datasourceUids.includes(datasource.uid), `${refId}: unknown data source`),
		...odd.map((window) => `${refId}: a window of ${window}`),
		...flag(
			expr.includes('histogram_quantile') && !exemplar && !instant,
			`${refId}: a latency without exemplars`,
		),
	];
}

function flag(wrong: boolean, text: string): string[] {
	return wrong ? [text] : [];
}
