import { expect, test } from 'vitest';
import { openMetrics } from './registry.ts';
import { exportWarmup, type WarmupResult } from './warm-up.ts';

test('while Redis is away nothing is said of the last warm-up, and not that there was none', async () => {
	const registry = openMetrics('server', { APP_VERSION: '1', APP_COMMIT: 'a' });
	let read = async (): Promise<WarmupResult | null> => null;
	exportWarmup(registry, () => read());
	const shown = async () =>
		[...(await registry.metrics()).matchAll(/^cache_warmup_\w+(?:\{.*\})? (\S+)$/gm)].map(
			([, value]) => Number(value),
		);
	expect(await shown()).toEqual([0, 0, 0, 0]);
	read = async () => ({ filled: 5, skipped: 1, seconds: 2, at: new Date(3_000) });
	expect(await shown()).toEqual([5, 1, 2, 3]);
	read = () => Promise.reject(new Error('away'));
	expect(await shown()).toEqual([]);
});
