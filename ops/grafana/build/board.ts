import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
	type Dashboard,
	DashboardBuilder,
	DashboardCursorSync,
	type Panel,
	RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations } from './annotations.ts';
import { type BoardName, boardLinks, boards } from './links.ts';
import { commonVariables } from './variables.ts';

export interface Row {
	title: string;
	panels: readonly Builder<Panel>[];
}

export interface Board {
	name: BoardName;
	description: string;
	rows: readonly Row[];
	variables?: ReturnType<typeof commonVariables>;
}

/** The board as Grafana 12 reads it. */
export function build({ name, description, rows, variables = [] }: Board): Dashboard {
	const builder = new DashboardBuilder(boards[name].title)
		.uid(boards[name].uid)
		.description(description)
		.tags(['verifeed'])
		.readonly()
		.refresh('30s')
		.time({ from: 'now-1h', to: 'now' })
		.timezone('browser')
		.tooltip(DashboardCursorSync.Crosshair)
		.links(boardLinks(name))
		.variables([...commonVariables(), ...variables])
		.annotations(annotations());
	for (const row of rows) {
		builder.withRow(new RowBuilder(row.title));
		for (const panel of row.panels) builder.withPanel(panel);
	}
	// The version of Grafana 12.0: later ones bring an older schema up to date, none goes back.
	return withIds({ ...builder.build(), schemaVersion: 41 });
}

/** Hundreds for the row, so that a new panel changes no other row's ids, nor the links to them. */
function withIds(dashboard: Dashboard): Dashboard {
	let row = 0;
	let inRow = 0;
	const panels = (dashboard.panels ?? []).map((panel) => {
		if (panel.type === 'row') {
			row += 1;
			inRow = 0;
		} else inRow += 1;
		return { ...panel, id: row * 100 + inRow };
	});
	return { ...dashboard, panels };
}
