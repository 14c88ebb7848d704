import {
	type Attributes,
	context,
	createContextKey,
	type Link,
	ROOT_CONTEXT,
	type Span,
	type SpanContext,
	type SpanKind,
	SpanStatusCode,
	trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';
import { isSampled, type SamplingRule, samplingRule } from './sampler.ts';

const tracer = () => trace.getTracer('verifeed');

/** A W3C `traceparent`: 55 characters that name a span anywhere. */
export type TraceParent = string;

interface SpanOptions {
	kind?: SpanKind;
	attributes?: Attributes;
	/** The span it belongs to; the active one where nothing is said, and none where null. */
	parent?: TraceParent | null;
	/** Spans that caused it and were over by then. */
	links?: readonly (TraceParent | null)[];
	/** For a span without a parent. */
	rule?: SamplingRule;
	/** Of a span without a parent, where its trace has a name already. */
	ids?: TraceIds;
	/** When it began, in milliseconds of Unix time, where that was earlier. */
	startTime?: number;
}

/**
 * Runs `work` in a span of its own, which ends with it; what is thrown is noted in the span and thrown again. Without
 * a sampled parent it costs next to nothing.
 */
export async function inSpan<T>(
	name: string,
	options: SpanOptions,
	work: (span: Span) => Promise<T> | T,
): Promise<T> {
	const span = startSpan(name, options);
	try {
		return await within(span, () => work(span));
	} catch (error) {
		fail(span, error);
		throw error;
	} finally {
		span.end();
	}
}

/** As `inSpan`, below a span that is kept; elsewhere it is `work` and nothing else. */
export async function inChild<T>(
	name: string,
	options: SpanOptions,
	work: () => Promise<T>,
): Promise<T> {
	return isTraced() ? inSpan(name, options, work) : work();
}

/** Whether there is an active span, and it is kept. */
export function isTraced(): boolean {
	return isSampled(trace.getActiveSpan()?.spanContext());
}

/** What is measured or begun in `work` belongs to the span; with null, to none. */
export function within<T>(span: Span | null, work: () => T): T {
	return context.with(span ? trace.setSpan(context.active(), span) : ROOT_CONTEXT, work);
}

/** A span that the caller ends. */
export function startSpan(name: string, options: SpanOptions): Span {
	const { kind, attributes = {}, parent, rule, links = [], ids, startTime } = options;
	const at = parent === undefined ? context.active() : contextOf(parent);
	const described = {
		...(kind === undefined ? {} : { kind }),
		attributes: rule === undefined ? attributes : { ...attributes, [samplingRule]: rule },
		links: links.flatMap(linkTo),
		...(startTime === undefined ? {} : { startTime }),
	};
	const start = () => tracer().startSpan(name, described, at);
	return ids ? context.with(context.active().setValue(givenIds, ids), start) : start();
}

/** Runs what outlives the operation that began it, so that it does not count as a part of it. */
export function outside<T>(work: () => T): T {
	return context.with(ROOT_CONTEXT, work);
}

/** Marks a span as failed. It has the name of the error, never its text: it may hold what a client sent. */
export function fail(span: Span, error: unknown): void {
	const name = error instanceof Error ? error.name : 'Error';
	span.setStatus({ code: SpanStatusCode.ERROR });
	span.setAttribute('error.type', name);
}

/** Names a span, the active one where none is given, for whoever goes on elsewhere; null where there is none. */
export function traceParent(span: Span | undefined = trace.getActiveSpan()): TraceParent | null {
	if (!span) return null;
	const { traceId, spanId, traceFlags } = span.spanContext();
	return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Whether the trace that it names is kept. */
export function isKept(parent: TraceParent): boolean {
	return isSampled({ traceFlags: Number.parseInt(parent.slice(-2), 16) });
}

function linkTo(parent: TraceParent | null): Link[] {
	const linked = parent === null ? null : parseTraceParent(parent);
	return linked ? [{ context: linked }] : [];
}

function contextOf(parent: TraceParent | null) {
	const remote: SpanContext | null = parent === null ? null : parseTraceParent(parent);
	return remote ? trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true }) : ROOT_CONTEXT;
}

interface TraceIds {
	traceId: string;
	spanId: string;
}

const random = new RandomIdGenerator();
const givenIds = createContextKey('ids of a root span');

/** Ids for a span that is started later: of a request its trace is named before it is read. */
export function newIds(): TraceIds {
	return { traceId: random.generateTraceId(), spanId: random.generateSpanId() };
}

/** Gives a root span the ids that stand in the context in which it is started. */
export const idGenerator: IdGenerator = {
	generateTraceId: () => idsGiven()?.traceId ?? random.generateTraceId(),
	generateSpanId: () => idsGiven()?.spanId ?? random.generateSpanId(),
};

function idsGiven(): TraceIds | undefined {
	// Only `startSpan` writes it.
	return context.active().getValue(givenIds) as TraceIds | undefined;
}

/** Leads from a measurement to its trace; only to one that is kept, as others cannot be looked at. */
export function exemplar(): { trace_id: string } | undefined {
	const span = trace.getActiveSpan()?.spanContext();
	return span && isSampled(span) ? { trace_id: span.traceId } : undefined;
}
