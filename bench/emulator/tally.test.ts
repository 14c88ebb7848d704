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

test('arrivals are kept in order, the last 100,000 of them', () => {
	let time = 0;
	// A minute apart, so that no window has to be searched.
	const tally = createTally(() => (time += 60_000));
	for (let nth = 0; nth < 250_000; nth += 1) tally.record('a');
	const { arrivals } = tally;
	expect(arrivals).toHaveLength(100_000);
	expect([arrivals[0], arrivals.at(-1)]).toEqual([150_001 * 60_000, 250_000 * 60_000]);
	expect(tally.total).toBe(250_000);
});
