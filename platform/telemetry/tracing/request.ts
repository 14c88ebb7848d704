import {
	type Attributes,
	type Context,
	context,
	ROOT_CONTEXT,
	type Span,
	SpanKind,
	SpanStatusCode,
	TraceFlags,
	trace,
} from '@opentelemetry/api';
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { isSampled } from './sampler.ts';
import { inSpan, isKept, newIds, startSpan, type TraceParent, within } from './spans.ts';

/**
 * The trace of one request of a client. Its id is there from the first moment, for the answer and for the log;
 * its span begins when it is known what the request is, and always is a root: a client does not decide what is kept.
 */
export interface RequestTrace {
	readonly traceId: string;
	/** Starts the span, once; what is run from now on belongs to it. */
	begin(name: string, options: RequestSpan): void;
	/** Runs something with the trace active: its span, once that has begun. */
	run<T>(work: () => T): T;
	/** Runs something that outlives the request: its log lines have the trace's id, and no span is kept. */
	runApart<T>(work: () => T): T;
	/** Records how it ended; a failure is kept although its trace was not chosen. */
	end(attributes: Attributes, failure?: string | null): void;
}

interface RequestSpan {
	attributes: Attributes;
	rule: 'always' | 'share';
	/** What the client calls its own trace; it becomes a link. */
	clientTrace?: string | string[] | undefined;
}

/** Makes the traces of requests. Of those with the rule 'share', so many are kept, chosen by their ids. */
export function requestTraces(share: number): () => RequestTrace {
	const some = new TraceIdRatioBasedSampler(share);
	const isChosen = (traceId: string) => {
		const { decision } = some.shouldSample(ROOT_CONTEXT, traceId);
		return decision === SamplingDecision.RECORD_AND_SAMPLED;
	};
	return () => new OneTrace(isChosen);
}

/** A subscription keeps its own for as long as it is open. */
class OneTrace implements RequestTrace {
	readonly #ids = newIds();
	readonly #isChosen: (traceId: string) => boolean;
	readonly #apart: Context;
	#at: Context;
	#span: Span | null = null;
	/** Makes the span of one that was not chosen, once it has failed. */
	#late: (() => Span) | null = null;

	constructor(isChosen: (traceId: string) => boolean) {
		this.#isChosen = isChosen;
		this.#apart = trace.setSpanContext(ROOT_CONTEXT, {
			...this.#ids,
			traceFlags: TraceFlags.NONE,
		});
		this.#at = this.#apart;
	}

	get traceId(): string {
		return this.#ids.traceId;
	}

	begin(name: string, { attributes, rule, clientTrace }: RequestSpan): void {
		const links = typeof clientTrace === 'string' ? [clientTrace] : [];
		const startTime = Date.now();
		const ids = this.#ids;
		const options = { kind: SpanKind.SERVER, attributes, links, parent: null, startTime, ids };
		const start = () => startSpan(name, { ...options, rule: 'always' });
		if (rule === 'share' && !this.#isChosen(this.traceId)) {
			this.#late = start;
			return;
		}
		this.#span = start();
		this.#at = trace.setSpan(ROOT_CONTEXT, this.#span);
	}

	run<T>(work: () => T): T {
		return context.active() === this.#at ? work() : context.with(this.#at, work);
	}

	runApart<T>(work: () => T): T {
		return context.with(this.#apart, work);
	}

	end(attributes: Attributes, failure?: string | null): void {
		if (failure) this.#span ??= this.#late?.() ?? null;
		this.#late = null;
		const span = this.#span;
		this.#span = null;
		if (!span) return;
		if (span.isRecording()) {
			span.setAttributes(attributes);
			if (failure) {
				span.setStatus({ code: SpanStatusCode.ERROR });
				span.setAttribute('error.type', failure);
			}
		}
		span.end();
	}
}

/** Runs work that is always traced: where the request was not chosen, in a root span with the request's trace id. */
export async function inKeptSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
	const at = trace.getActiveSpan()?.spanContext();
	if (!at || isSampled(at)) return inSpan(name, {}, work);
	const ids = { traceId: at.traceId, spanId: newIds().spanId };
	return inSpan(name, { parent: null, rule: 'always', ids }, work);
}

/** One event on its way to one subscriber, in the trace that made it; null where that trace is not kept. */
export function startDelivery(
	made: TraceParent | null,
	attributes: Record<string, string | number>,
): Span | null {
	if (made === null || !isKept(made)) return null;
	return startSpan('status.deliver', { kind: SpanKind.CONSUMER, parent: made, attributes });
}

/** Ends it once `report`, which belongs to it, has run. */
export function endDelivery(span: Span | null, failed: boolean, report: () => void): void {
	if (span) within(span, report);
	else report();
	if (failed) span?.setStatus({ code: SpanStatusCode.ERROR });
	span?.end();
}
