import { expect, test } from 'vitest';
import { boardFiles, expressions } from '../expressions.ts';
import { type BoardFile, boardFile } from './board-file.ts';
import { boardProblems } from './board-problems.ts';
import { nameProblems } from './promql-names.ts';
import { syntaxError } from './syntax.ts';

const [sound] = boardFiles();

function spoilt(change: (board: BoardFile, panel: BoardFile['panels'][number]) => void): string[] {
	const board = structuredClone(boardFile.parse(sound));
	const panel = board.panels[1];
	if (!panel) throw new Error('the board has no panel');
	change(board, panel);
	return boardProblems(board);
}

test.each<[string, Parameters<typeof spoilt>[0], RegExp]>([
	[
		'an id twice',
		({ panels }, panel) =>
			panels.forEach((other) => {
				other.id = panel.id;
			}),
		/twice/,
	],
	[
		'a panel over another',
		(_, { gridPos }) => {
			gridPos.x = 4;
		},
		/lies over/,
	],
	[
		'a hole in the grid',
		(_, { gridPos }) => {
			gridPos.w = 3;
		},
		/holes/,
	],
	[
		'a panel without a unit',
		(_, panel) => {
			panel.fieldConfig = undefined;
		},
		/no unit/,
	],
	[
		'a panel that does not say what next',
		(_, panel) => {
			panel.description = '**Bad:** it';
		},
		/next/,
	],
	[
		'an unknown data source',
		(_, panel) => {
			panel.datasource = { type: 'loki', uid: 'x' };
		},
		/data source/,
	],
	[
		'a link to a board that is not there',
		(_, panel) => {
			panel.links = [{ title: 'a', url: '/d/a' }];
		},
		/nothing known/,
	],
	[
		'a panel that leads nowhere',
		(_, panel) => {
			panel.links = [];
		},
		/nowhere/,
	],
	[
		'too much above the fold',
		({ panels }) => {
			for (const { gridPos } of panels) gridPos.y = 0;
		},
		/fold/,
	],
	[
		'a missing variable',
		({ templating }) => {
			templating.list.pop();
		},
		/variable/,
	],
	[
		'no marks for deploys',
		({ annotations }) => {
			annotations.list = [];
		},
		/deploys/,
	],
])('%s is found', (_, change, problem) => {
	expect(spoilt(change).join('\n')).toMatch(problem);
});

test('a latency without exemplars and a window of its own are found', () => {
	const problems = spoilt((_, { targets: [target] }) => {
		if (target)
			Object.assign(target, {
				...{ expr: 'histogram_quantile(1, rate(x[7m]))' },
				...{ exemplar: false, instant: false },
			});
	});
	expect(problems.join('\n')).toMatch(/window of 7m[\s\S]*exemplars/);
});

test.each([
	['promql', 'sum(rate(x[5m])'],
	['promql', 'x{a=b}'],
	['logql', '{a="b"} | json |'],
	['traceql', '{ duration > }'],
] as const)('%s that cannot be read is found: %s', (language, text) => {
	expect(syntaxError(language, text)).toMatch(/cannot be read/);
});

test.each([
	['nope', '', 'unknown metric nope'],
	['read_duration_seconds', '', 'unknown metric read_duration_seconds'],
	['contracts_count', '', 'unknown metric contracts_count'],
	['contracts{state="x"}', '', 'contracts has no label state'],
	['sum by (address) (contracts)', '', 'nothing has a label address'],
	['sum by (job) (contracts)', '{{status}}', 'the legend lost status'],
])('%s with the legend "%s": %s', (text, legend, problem) => {
	expect(nameProblems(text, legend)).toContain(problem);
});

test('a histogram is known by its parts, and its buckets by le', () => {
	const text = 'sum by (le, path) (rate(read_duration_seconds_bucket{le="0.25"}[1m]))';
	expect(nameProblems(text, '{{path}}')).toEqual([]);
});

test('values for the variables of the boards can be chosen', () => {
	const texts = expressions({ __rate_interval: '4s', job: 'worker' }).map(({ text }) => text);
	expect(texts.some((text) => text.includes('[4s]') && text.includes('job=~"worker"'))).toBe(true);
	expect(texts.filter((text) => text.includes('$'))).toEqual([]);
});
