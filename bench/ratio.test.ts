import { expect, test } from 'vitest';
import { median, ratioOf } from './ratio.ts';

test('the median of an even number is the middle of the two in the middle', () => {
	expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])]).toEqual([2, 2.5, 5]);
});

test('ratios are those of pairs, whatever the machine did between them', () => {
	const pairs = [
		{ one: 90, other: 100 },
		{ one: 9, other: 10 },
		{ one: 40, other: 50 },
	];
	expect(ratioOf(pairs)).toEqual({ median: 0.9, lowest: 0.8, highest: 0.9 });
});
