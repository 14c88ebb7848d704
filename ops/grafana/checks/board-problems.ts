import type { BoardFile, PanelFile } from './board-file.ts';
import { fold, variables } from './known.ts';
import { linkProblems, panelProblems } from './panel-problems.ts';

/** What is wrong with a board: its grid, its ids, its variables, and each of its panels. */
export function boardProblems(board: BoardFile): string[] {
	const { panels, templating, annotations, links } = board;
	const ids = panels.map(({ id }) => id);
	const names = templating.list.map(({ name }) => name);
	const above = panels.filter(({ type, gridPos }) => type !== 'row' && gridPos.y < fold);
	return [
		...(new Set(ids).size < ids.length ? ['an id twice'] : []),
		...(above.length < 6 || above.length > 10 ? [`${above.length} panels above the fold`] : []),
		...variables.filter((name) => !names.includes(name)).map((name) => `no variable ${name}`),
		...(annotations.list.some(({ name }) => name === 'Deploys') ? [] : ['no marks for deploys']),
		...links.flatMap(({ url }) => linkProblems(url)),
		...gridProblems(panels),
		...panels.flatMap((panel) =>
			panelProblems(panel).map((problem) => `${panel.title}: ${problem}`),
		),
	];
}

function gridProblems(panels: readonly PanelFile[]): string[] {
	const taken = new Map<string, string>();
	const problems = new Set<string>();
	for (const { title, gridPos } of panels) {
		if (gridPos.x + gridPos.w > 24) problems.add(`${title}: wider than the grid`);
		for (const cell of cells(gridPos)) {
			const other = taken.get(cell);
			if (other !== undefined) problems.add(`${title}: lies over ${other}`);
			taken.set(cell, title);
		}
	}
	const height = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
	if (taken.size < height * 24) problems.add('the grid has holes');
	return [...problems];
}

function cells({ x, y, w, h }: PanelFile['gridPos']): string[] {
	return Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`);
}
