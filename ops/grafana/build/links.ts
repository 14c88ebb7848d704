import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { loki, tempo } from './datasources.ts';
import { placeholder } from './placeholder.ts';

export const boards = {
	overview: { uid: 'verifeed-overview', title: 'Verifeed / Overview' },
	cache: { uid: 'verifeed-cache', title: 'Verifeed / Cache' },
	pipeline: { uid: 'verifeed-pipeline', title: 'Verifeed / Pipeline' },
	infrastructure: { uid: 'verifeed-infrastructure', title: 'Verifeed / Infrastructure' },
} as const;
export type BoardName = keyof typeof boards;

export interface Link {
	title: string;
	url: string;
}

/** Another board, at the same time and for the same processes. */
export function toBoard(name: BoardName): Link {
	const { uid, title } = boards[name];
	return {
		title,
		url: `/d/${uid}?${placeholder('__url_time_range')}&${placeholder('__all_variables')}`,
	};
}

/** Log lines in Explore, at the same time. */
export function toLogs(title: string, expr: string): Link {
	return { title, url: explore({ refId: 'A', datasource: loki, expr, queryType: 'range' }) };
}

/** Traces in Explore, at the same time. */
export function toTraces(title: string, query: string): Link {
	const search = { refId: 'A', datasource: tempo, query, queryType: 'traceql', limit: 20 };
	return { title, url: explore({ ...search, tableType: 'traces' }) };
}

/** The rules that fire, with their runbooks. */
export const toAlerts: Link = {
	title: 'Alerts that fire',
	url: '/alerting/list?search=state:firing',
};

function explore(query: { datasource: { uid: string }; [key: string]: unknown }): string {
	const { uid } = query.datasource;
	const range = { from: 'FROM', to: 'TO' };
	const panes = encodeURIComponent(
		JSON.stringify({ a: { datasource: uid, queries: [query], range } }),
	);
	// Grafana fills in the time of the board, for which the variables must not be encoded.
	const timed = panes.replace('FROM', placeholder('__from')).replace('TO', placeholder('__to'));
	return `/explore?schemaVersion=1&panes=${timed}`;
}

export function asPanelLinks(links: readonly Link[]): DashboardLinkBuilder[] {
	return links.map(({ title, url }) =>
		new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url),
	);
}

/** The other boards, in the head of each board. */
export function boardLinks(own: BoardName): DashboardLinkBuilder[] {
	return Object.entries(boards)
		.filter(([name]) => name !== own)
		.map(([, { uid, title }]) =>
			new DashboardLinkBuilder(title)
				.type(DashboardLinkType.Link)
				.icon('dashboard')
				.url(`/d/${uid}`)
				.includeVars(true)
				.keepTime(true),
		);
}
