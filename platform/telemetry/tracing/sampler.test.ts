import { type Link, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { createSampler, type SamplingRule, samplingRule } from './sampler.ts';

const { NOT_RECORD, RECORD, RECORD_AND_SAMPLED } = SamplingDecision;
// The share is chosen by a trace's id: the first is among the lowest, the second among the highest.
const low = `${'0'.repeat(31)}1`;
const high = 'f'.repeat(8).padEnd(32, '0');

function span(traceId: string, sampled: boolean) {
	const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
	return { traceId, spanId: '1'.repeat(16), traceFlags };
}

function decide(
	share: number,
	rule: SamplingRule | undefined,
	{ traceId = low, parent, links = [] }: Partial<Asked> = {},
) {
	const at = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
	const attributes = rule === undefined ? {} : { [samplingRule]: rule };
	const asked = [at, traceId, 'name', SpanKind.INTERNAL, attributes, links] as const;
	return createSampler(share).shouldSample(...asked).decision;
}

interface Asked {
	traceId: string;
	parent: ReturnType<typeof span>;
	links: Link[];
}

test('a root that is to be kept always is kept, whatever the share', () => {
	expect(decide(0, 'always', { traceId: high })).toBe(RECORD_AND_SAMPLED);
});

test('of roots that are kept by share, the share is kept and the rest costs nothing', () => {
	expect(decide(0.5, 'share', { traceId: low })).toBe(RECORD_AND_SAMPLED);
	expect(decide(0.5, 'share', { traceId: high })).toBe(NOT_RECORD);
	expect(decide(0, 'share')).toBe(NOT_RECORD);
	expect(decide(1, 'share', { traceId: high })).toBe(RECORD_AND_SAMPLED);
});

test('a root without a rule is recorded only, even at a share of 1', () => {
	expect(decide(1, undefined)).toBe(RECORD);
});

test('what goes on from another trace is kept where one of those it is linked to is', () => {
	const kept = { context: span(high, true) };
	const left = { context: span(high, false) };
	expect(decide(0, 'as-linked', { links: [left, kept] })).toBe(RECORD_AND_SAMPLED);
	expect(decide(1, 'as-linked', { links: [left] })).toBe(RECORD);
	expect(decide(1, 'as-linked')).toBe(RECORD);
});

test('inside a trace the root has decided', () => {
	expect(decide(0, undefined, { parent: span(high, true) })).toBe(RECORD_AND_SAMPLED);
	expect(decide(1, 'always', { parent: span(low, false) })).toBe(NOT_RECORD);
});
