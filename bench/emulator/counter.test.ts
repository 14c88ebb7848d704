import { expect, test } from 'vitest';
import { createCounter, statsOf } from './counter.ts';

test('the busiest second is found wherever it lies', () => {
	const times = [0, 500, 990, 1_010, 1_400, 3_000];
	const counter = createCounter(() => times.shift() ?? 0);
	for (const key of ['a', 'b', 'a', 'a', 'b', 'a']) counter.record(key);
	expect(counter.maxPerSecond).toBe(4);
	expect(counter.total).toBe(6);
	expect([counter.calls('a'), counter.calls('b'), counter.calls('c')]).toEqual([4, 2, 0]);
});

test('arrivals are kept in order, the last 100,000 of them', () => {
	let time = 0;
	// A minute apart, so that no window has to be searched.
	const counter = createCounter(() => (time += 60_000));
	for (let nth = 0; nth < 250_000; nth += 1) counter.record('a');
	const { arrivals } = counter;
	expect(arrivals).toHaveLength(100_000);
	expect([arrivals[0], arrivals.at(-1)]).toEqual([150_001 * 60_000, 250_000 * 60_000]);
	expect(counter.total).toBe(250_000);
});

function apiOf(age: number, arrivals: readonly number[]) {
	return { url: 'http://api', total: arrivals.length, maxPerSecond: 2, arrivals, age };
}

test('averages are of the whole time, the last minute and the last ten seconds', () => {
	const old = Array.from({ length: 90 }, (_, nth) => nth * 100);
	const recent = Array.from({ length: 30 }, (_, nth) => 91_000 + nth * 300);
	const stats = statsOf(apiOf(100_000, [...old, ...recent]), { arrivals: false });
	expect(stats.averagePerSecond).toEqual({ all: 1.2, last60: 0.5, last10: 3 });
	expect(stats).toMatchObject({ url: 'http://api', calls: 120, maxPerSecond: 2, age: 100_000 });
	expect(stats).not.toHaveProperty('arrivals');
});

test('a young api is measured over its own age', () => {
	const stats = statsOf(apiOf(2_000, [0, 500, 1_000, 1_500]), { arrivals: true });
	expect(stats.averagePerSecond).toEqual({ all: 2, last60: 2, last10: 2 });
	expect(stats.arrivals).toEqual([0, 500, 1_000, 1_500]);
});
