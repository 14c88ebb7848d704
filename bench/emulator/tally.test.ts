import { expect, test } from 'vitest';
import { createTally } from './tally.ts';

test('the busiest second is found wherever it lies', () => {
	const times = [0, 500, 990, 1_010, 1_400, 3_000];
	const tally = createTally(() => times.shift() ?? 0);
	for (const key of ['a', 'b', 'a', 'a', 'b', 'a']) tally.record(key);
	expect(tally.maxPerSecond).toBe(4);
	expect(tally.total).toBe(6);
	expect([tally.calls('a'), tally.calls('b'), tally.calls('c')]).toEqual([4, 2, 0]);
});
