import { expect, test } from 'vitest';
import { statsOf } from './stats.ts';

function doorOf(age: number, arrivals: readonly number[]) {
	return { url: 'http://door', total: arrivals.length, maxPerSecond: 2, arrivals, age };
}

test('averages are of the whole time, the last minute and the last ten seconds', () => {
	const old = Array.from({ length: 90 }, (_, nth) => nth * 100);
	const recent = Array.from({ length: 30 }, (_, nth) => 91_000 + nth * 300);
	const stats = statsOf(doorOf(100_000, [...old, ...recent]), { arrivals: false });
	expect(stats.averagePerSecond).toEqual({ all: 1.2, last60: 0.5, last10: 3 });
	expect(stats).toMatchObject({ url: 'http://door', calls: 120, maxPerSecond: 2, age: 100_000 });
	expect(stats).not.toHaveProperty('arrivals');
});

test('a young door is measured over its own age', () => {
	const stats = statsOf(doorOf(2_000, [0, 500, 1_000, 1_500]), { arrivals: true });
	expect(stats.averagePerSecond).toEqual({ all: 2, last60: 2, last10: 2 });
	expect(stats.arrivals).toEqual([0, 500, 1_000, 1_500]);
});
