import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownMetrics, sharedMetrics, warmupMetrics } from '../monitoring/catalogue/own.ts';
import { catalogue } from '../monitoring/catalogue.ts';
import { placeholder } from './build/placeholder.ts';
import { boardProblems } from './checks/board-problems.ts';
import { nameProblems } from './checks/promql-names.ts';
import { syntaxError } from './checks/syntax.ts';
import { dashboardFiles } from './dashboards.ts';
import { boardFiles, expressions } from './expressions.ts';

const folder = join(import.meta.dirname, 'dashboards');

test('the committed dashboards are what the code makes (npm run dashboards)', () => {
	const made = dashboardFiles();
	expect(readdirSync(folder).sort()).toEqual([...made.keys()].sort());
	for (const [name, text] of made) {
		expect(readFileSync(join(folder, name), 'utf8') === text, `${name} is up to date`).toBe(true);
	}
});

test.each(boardFiles().map((board) => [board.title, board] as const))(
	'%s has a sound grid, and panels that say what they measure, what is bad and what next',
	(_, board) => {
		expect(boardProblems(board)).toEqual([]);
	},
);

test('every query can be read', () => {
	const problems = expressions().flatMap(({ board, of, language, text }) => {
		const error = syntaxError(language, text);
		return error ? [`${board}, ${of}: ${error}`] : [];
	});
	expect(problems).toEqual([]);
	expect(new Set(expressions().map(({ language }) => language))).toEqual(
		new Set(['promql', 'logql', 'traceql']),
	);
});

test('queries and legends name only metrics and labels of the catalogue', () => {
	const problems = expressions()
		.filter(({ language }) => language === 'promql')
		.flatMap(({ board, of, text, legend }) =>
			nameProblems(text, legend).map((problem) => `${board}, ${of}: ${problem}`),
		);
	expect(problems).toEqual([]);
});

test('each of our own metrics is on a board', () => {
	const shown = expressions().flatMap(({ metrics }): readonly string[] => metrics);
	const own = Object.keys({ ...ownMetrics, ...sharedMetrics, ...warmupMetrics });
	expect(own.filter((name) => !shown.includes(name))).toEqual([]);
});

test('queries in links to Explore can be read, at the time of the board', () => {
	const links = boardFiles().flatMap(({ panels }) => panels.flatMap((panel) => panel.links));
	const panes = links.flatMap(({ url }) => /^\/explore\?.*panes=(.*)$/.exec(url)?.[1] ?? []);
	expect(panes.length).toBeGreaterThan(0);
	for (const text of panes) {
		const { a } = JSON.parse(decodeURIComponent(text));
		expect(a.range).toEqual({
			from: placeholder('__from'),
			to: placeholder('__to'),
		});
		const [query] = a.queries;
		const language = query.datasource.type === 'loki' ? 'logql' : 'traceql';
		expect(syntaxError(language, query.expr ?? query.query), text).toBeUndefined();
	}
});

test('a figure that says when nothing is counted asks for this moment, not for the last value there was', () => {
	const figures = boardFiles().flatMap(({ panels }) =>
		panels.filter(({ fieldConfig }) => fieldConfig?.defaults.noValue === 'not counted'),
	);
	expect(figures.length).toBeGreaterThan(2);
	for (const { title, targets } of figures) {
		expect(
			targets.map(({ instant }) => instant),
			title,
		).toEqual([true]);
	}
});

test('no label of the catalogue has values without bounds', () => {
	const labels = Object.values(catalogue).flatMap(({ labels }): readonly string[] => labels);
	expect(
		labels.filter((label) => /address|hash|_id$|^id$|user|url|message|query/.test(label)),
	).toEqual([]);
});
