/**
 * Latencies in buckets that are at most 1.6 % wide, as in an HdrHistogram: exact below 64 microseconds, and 64 buckets
 * for each doubling above. Bucket to count, so that one for a second of a run stays small on its way to the parent.
 */
export type Histogram = Map<number, number>;

const exact = 64;

export function bucketOf(ms: number): number {
	const us = Math.max(0, Math.round(ms * 1_000));
	if (us < exact) return us;
	const doublings = Math.floor(Math.log2(us / exact));
	return exact * (doublings + 1) + Math.floor(us / 2 ** doublings) - exact;
}

/** The longest latency that falls into a bucket, in milliseconds. */
export function longestIn(bucket: number): number {
	if (bucket < exact) return bucket / 1_000;
	const doublings = Math.floor(bucket / exact) - 1;
	const start = ((bucket % exact) + exact) * 2 ** doublings;
	return (start + 2 ** doublings - 1) / 1_000;
}

export function add(histogram: Histogram, bucket: number, count = 1): void {
	histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
}

/** Such as 0.99, by nearest rank; 0 when there are no values. */
export function percentile(histogram: Histogram, share: number): number {
	const buckets = [...histogram].sort(([a], [b]) => a - b);
	const rank = Math.ceil(share * buckets.reduce((sum, [, count]) => sum + count, 0));
	let passed = 0;
	for (const [bucket, count] of buckets) {
		passed += count;
		if (passed >= rank) return longestIn(bucket);
	}
	return 0;
}
