import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type {
	DashboardLinkBuilder,
	DataSourceRef,
	Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { asPanelLinks, type Link } from './links.ts';
import type { Query } from './queries.ts';

/** What every panel shows its reader, and where it stands in its row of 24 columns. */
export interface Words {
	title: string;
	/** What it shows, where the title does not say it all. */
	shows?: string;
	/** What to be alarmed by. */
	bad: string;
	/** What to do or look at then. */
	next: string;
	links: readonly [Link, ...Link[]];
	width: number;
	height?: number;
}

interface Wordable extends Builder<Panel> {
	title(title: string): this;
	description(description: string): this;
	links(links: DashboardLinkBuilder[]): this;
	span(width: number): this;
	height(height: number): this;
	datasource(datasource: DataSourceRef): this;
	withTarget(target: ReturnType<Query['build']>): this;
}

/** Fills in what all kinds of panels have. */
export function withWords<P extends Wordable>(
	panel: P,
	words: Words,
	datasource: DataSourceRef,
	queries: readonly Query[],
): P {
	panel
		.title(words.title)
		.description(description(words))
		.links(asPanelLinks(words.links))
		.span(words.width)
		.height(words.height ?? 8)
		.datasource(datasource);
	queries.forEach((query, index) => {
		panel.withTarget(query.build(String.fromCharCode(65 + index)));
	});
	return panel;
}

function description({ shows, bad, next }: Words): string {
	return [...(shows ? [shows] : []), `**Bad:** ${bad}`, `**Next:** ${next}`].join('\n\n');
}
