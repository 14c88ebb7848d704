import { expect, test } from 'vitest';
import type { Address } from '../../domain/address.ts';
import { type AfterFailure, SourceError } from '../../domain/errors.ts';
import { createConsumeMetrics } from './messages.ts';
import { openMetrics } from './registry.ts';

test('what waits for its turn comes again, and is no attempt that failed', async () => {
	const registry = openMetrics('worker', { APP_VERSION: '1', APP_COMMIT: 'a' });
	const metrics = createConsumeMetrics(registry);
	const job = { chainId: 1, address: `0x${'11'.repeat(20)}` as Address, version: 1 };
	const ends = (followUp: AfterFailure) =>
		metrics.jobEnded(job, 'retry', 1, new SourceError('UPSTREAM_UNAVAILABLE', 'text', followUp));
	ends({ kind: 'turn', atLeastMs: 1_000 });
	ends({ kind: 'back-off' });
	metrics.jobEnded(job, 'failed', 1, new Error('a bug'));
	const text = await registry.metrics();
	expect(text).toMatch(/^messaging_retries_total{.*reason="UPSTREAM_UNAVAILABLE".*} 1$/m);
	expect(text).toMatch(/^messaging_retries_total{.*reason="INTERNAL".*} 1$/m);
	expect(text).toMatch(/^messaging_process_duration_seconds_count{.*outcome="retry".*} 3$/m);
});
