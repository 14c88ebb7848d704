import { expect, test } from 'vitest';
import type { Address } from '../../domain/address.ts';
import { type AfterFailure, SourceError } from '../../domain/errors.ts';
import { nowhere } from '../../ops/run/settings.ts';
import { readConfig } from '../config.ts';
import { openMetrics } from './metrics.ts';

const config = readConfig(nowhere);

test('what waits for its turn comes again, and is no attempt that failed', async () => {
	const metrics = openMetrics('worker', config);
	const job = { chainId: 1, address: `0x${'11'.repeat(20)}` as Address, version: 1 };
	const ends = (outcome: 'retry' | 'failed', error: Error) =>
		metrics.measure({ type: 'job.ended', job, outcome, seconds: 1, error });
	const source = (followUp: AfterFailure) =>
		new SourceError('UPSTREAM_UNAVAILABLE', 'text', followUp);
	ends('retry', source({ kind: 'turn', atLeastMs: 1_000 }));
	ends('retry', source({ kind: 'back-off' }));
	ends('failed', new Error('a bug'));
	const text = await metrics.registry.metrics();
	expect(text).toMatch(/^messaging_retries_total{.*reason="UPSTREAM_UNAVAILABLE".*} 1$/m);
	expect(text).toMatch(/^messaging_retries_total{.*reason="INTERNAL".*} 1$/m);
	expect(text).toMatch(/^messaging_process_duration_seconds_count{.*outcome="retry".*} 3$/m);
});

test('a gauge that is asked shows what its owner says, and nothing where that cannot be said', async () => {
	const metrics = openMetrics('server', config);
	let last: () => Promise<number> = async () => 0;
	metrics.read('cache_warmup_duration_seconds', () => last());
	metrics.read('cache_warmup_entries', async () => [
		[{ result: 'filled' }, await last()],
		[{ result: 'skipped' }, 1],
	]);
	const shown = async () =>
		[...(await metrics.registry.metrics()).matchAll(/^cache_warmup_\w+(?:\{.*\})? (\S+)$/gm)].map(
			([, value]) => Number(value),
		);
	expect(await shown()).toEqual([0, 1, 0]);
	last = async () => 5;
	expect(await shown()).toEqual([5, 1, 5]);
	last = () => Promise.reject(new Error('away'));
	expect(await shown()).toEqual([]);
});

test('what a process does not have is not measured there', async () => {
	const metrics = openMetrics('warmup', config);
	metrics.measure({ type: 'websocket.opened' });
	expect(await metrics.registry.metrics()).not.toContain('websocket');
});
