import { expect, test } from 'vitest';
import { figureOf, type Subject } from './figure.ts';
import { tableOf } from './table.ts';

const subject: Subject = {
	...{ comparison: 'cached', title: 'cachedContract, one address' },
	...{ unit: 'requests a second', better: 'higher' },
};
const figure = figureOf(subject, [
	{
		name: 'Verifeed',
		samples: [
			{ value: 3_000, cpu: 0.3 },
			{ value: 3_300, cpu: 0.32 },
			{ value: 2_400, cpu: 0.4 },
		],
	},
	{
		name: 'FastAPI',
		samples: [
			{ value: 6_000, cpu: 0.1 },
			{ value: 6_000, cpu: null },
			{ value: 6_000, cpu: 0.2 },
		],
	},
]);

test('a figure has the spread of each side, and of the ratios of its pairs', () => {
	expect(figure.ours).toEqual({
		...{ name: 'Verifeed', median: 3_000, lowest: 2_400, highest: 3_300, cpu: 0.32 },
	});
	const [peer] = figure.peers;
	expect(peer).toMatchObject({ name: 'FastAPI', median: 6_000, ratio: { median: 0.5 } });
	expect(peer?.cpu).toBeCloseTo(0.15);
	expect(peer?.ratio).toMatchObject({ lowest: 0.4, highest: 0.55 });
});

test('a peer that was measured less often than ours has no ratio', () => {
	const samples = [{ value: 1, cpu: null }];
	const { peers } = figureOf(subject, [
		{ name: 'Verifeed', samples },
		{ name: 'FastAPI', samples: [] },
	]);
	expect(peers[0]?.ratio.median).toBeNaN();
});

test('the table has a row for each side, and ratios for the peers', () => {
	expect(tableOf([figure])).toBe(
		[
			'**cachedContract, one address** (requests a second)',
			'',
			'|          | median | lowest | highest | CPU ms | ratio | lowest | highest |',
			'| -------- | -----: | -----: | ------: | -----: | ----: | -----: | ------: |',
			'| Verifeed |  3,000 |  2,400 |   3,300 |  0.320 |       |        |         |',
			'| FastAPI  |  6,000 |  6,000 |   6,000 |  0.150 |  0.50 |   0.40 |    0.55 |',
		].join('\n'),
	);
});

test('where less is better the table says so', () => {
	const lone = { ...figure, unit: 'ms, median', better: 'lower' } as const;
	expect(tableOf([lone])).toContain('(ms, median; less is better)');
});
