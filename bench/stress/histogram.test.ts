import { expect, test } from 'vitest';
import { add, bucketOf, type Histogram, longestIn, percentile } from './histogram.ts';

test('a bucket is never wider than 1.6 % of its values, and they follow each other', () => {
	for (let ms = 0.001; ms < 1_000_000; ms *= 1.003) {
		const shown = longestIn(bucketOf(ms));
		expect(shown).toBeGreaterThanOrEqual(Math.round(ms * 1_000) / 1_000 - 1e-9);
		expect(shown).toBeLessThanOrEqual(ms * 1.016 + 0.001);
	}
	for (let bucket = 0; bucket < 1_500; bucket += 1) {
		expect(bucketOf(longestIn(bucket))).toBe(bucket);
		expect(longestIn(bucket + 1)).toBeGreaterThan(longestIn(bucket));
	}
});

test('percentiles are those of the sorted values', () => {
	const histogram: Histogram = new Map();
	expect(percentile(histogram, 0.5)).toBe(0);
	for (let ms = 1; ms <= 1_000; ms += 1) add(histogram, bucketOf(ms));
	for (const [share, ms] of [
		[0.5, 500],
		[0.99, 990],
		[1, 1_000],
	] as const) {
		expect(Math.abs(percentile(histogram, share) - ms) / ms).toBeLessThan(0.016);
	}
});
