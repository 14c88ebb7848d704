import { expect, test } from 'vitest';
import { linesOf, summaryOf } from './summary.ts';

const ways = [
	{ arrived: 0, begun: 0, finished: 2 },
	{ arrived: 0, begun: 2, finished: 4 },
	{ arrived: 1, begun: 4, finished: 6 },
];

test('a summary says when all was over, how long each stayed, and how many waited when', () => {
	expect(summaryOf(ways, 2)).toEqual({
		...{ allFinished: 6, p50: 4, p99: 5, longestQueue: 2 },
		queue: [0, 2, 4, 6].map((at) => ({ at, waiting: at === 0 || at === 2 ? 1 : 0 })),
	});
});

test('what was predicted stands beside what was measured', () => {
	const predicted = summaryOf(ways, 6);
	const lines = linesOf({ predicted, measured: { ...predicted, allFinished: 5 } });
	expect(lines).toContain('|  | predicted | measured |');
	expect(lines).toContain('| all finished after, s | 6 | 5 |');
});
