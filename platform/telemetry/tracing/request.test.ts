import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requestTraces } from './request.ts';
import { createSampler } from './sampler.ts';
import { idGenerator, isTraced } from './spans.ts';

const ended: ReadableSpan[] = [];

beforeAll(() => {
	const processor = {
		onStart() {},
		onEnd: (span: ReadableSpan) => void ended.push(span),
		forceFlush: async () => {},
		shutdown: async () => {},
	};
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	trace.setGlobalTracerProvider(
		new TracerProvider({ sampler: createSampler(), idGenerator, spanProcessors: [processor] }),
	);
});
beforeEach(() => void ended.splice(0));
afterAll(() => {
	trace.disable();
	context.disable();
});

/** So many requests of a rule, each to its end; whether each was traced meanwhile. */
function run(share: number, rule: 'always' | 'share', times = 1, failure: string | null = null) {
	const newTrace = requestTraces(share);
	return Array.from({ length: times }, () => {
		const request = newTrace();
		request.begin('query', { attributes: {}, rule });
		const traced = request.run(isTraced);
		request.end({}, failure);
		return { traceId: request.traceId, traced };
	});
}

test('of requests that are kept by share, the share is kept, and the rest makes no span', () => {
	const [all, none, half] = [run(1, 'share', 50), run(0, 'share', 50), run(0.5, 'share', 400)];
	expect(all.every(({ traced }) => traced)).toBe(true);
	expect(none.some(({ traced }) => traced)).toBe(false);
	const kept = half.filter(({ traced }) => traced).map(({ traceId }) => traceId);
	// That it lies outside would happen once in 10^20 runs.
	expect(kept.length).toBeGreaterThan(100);
	expect(kept.length).toBeLessThan(300);
	const ids = [...all.map(({ traceId }) => traceId), ...kept];
	expect(ended.map((span) => span.spanContext().traceId)).toEqual(ids);
});

test('what is to be kept always is kept at a share of 0', () => {
	expect(run(0, 'always')).toMatchObject([{ traced: true }]);
	expect(ended).toHaveLength(1);
});

test('a request that was not chosen and fails has its span after all, in its own trace', () => {
	const [failed] = run(0, 'share', 1, 'INTERNAL_SERVER_ERROR');
	expect(failed?.traced).toBe(false);
	expect(ended.map((span) => span.spanContext().traceId)).toEqual([failed?.traceId]);
	expect(ended[0]?.attributes).toMatchObject({ 'error.type': 'INTERNAL_SERVER_ERROR' });
});
