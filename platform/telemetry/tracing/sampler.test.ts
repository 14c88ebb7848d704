import { type Link, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { createSampler, type SamplingRule, samplingRule } from './sampler.ts';

const { NOT_RECORD, RECORD, RECORD_AND_SAMPLED } = SamplingDecision;
const low = `${'0'.repeat(31)}1`;
const high = 'f'.repeat(8).padEnd(32, '0');

function span(traceId: string, sampled: boolean) {
	const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
	return { traceId, spanId: '1'.repeat(16), traceFlags };
}

function decide(
	rule: SamplingRule | undefined,
	{ traceId = low, parent, links = [] }: Partial<Asked> = {},
) {
	const at = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
	const attributes = rule === undefined ? {} : { [samplingRule]: rule };
	const asked = [at, traceId, 'name', SpanKind.INTERNAL, attributes, links] as const;
	return createSampler().shouldSample(...asked).decision;
}

interface Asked {
	traceId: string;
	parent: ReturnType<typeof span>;
	links: Link[];
}

test('a root that is to be kept always is kept', () => {
	expect(decide('always', { traceId: high })).toBe(RECORD_AND_SAMPLED);
});

test('a root without a rule is recorded only', () => {
	expect(decide(undefined)).toBe(RECORD);
});

test('what goes on from another trace is kept where one of those it is linked to is', () => {
	const kept = { context: span(high, true) };
	const left = { context: span(high, false) };
	expect(decide('as-linked', { links: [left, kept] })).toBe(RECORD_AND_SAMPLED);
	expect(decide('as-linked', { links: [left] })).toBe(RECORD);
	expect(decide('as-linked')).toBe(RECORD);
});

test('inside a trace the root has decided', () => {
	expect(decide(undefined, { parent: span(high, true) })).toBe(RECORD_AND_SAMPLED);
	expect(decide('always', { parent: span(low, false) })).toBe(NOT_RECORD);
});
