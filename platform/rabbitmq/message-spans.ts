import { type Attributes, type Span, SpanKind } from '@opentelemetry/api';
import { keyText } from '../../domain/contract.ts';
import type { Job, Occasion, TracedJob } from '../../domain/ports.ts';
import {
	inSpan,
	isTraced,
	startSpan,
	type TraceParent,
	traceParent,
} from '../telemetry/tracing/spans.ts';
import { downloadQueue } from './queues.ts';

/** The header of a message in which its trace goes on. */
export const traceHeader = 'traceparent';

/**
 * The sending of one job: a part of what submitted it, or a trace of its own that is linked to its submission. None
 * where there is nothing to keep.
 */
export function startSending(job: TracedJob, occasion: Occasion): Span | null {
	const options = {
		kind: SpanKind.PRODUCER,
		attributes: attributesOf(job, 'send'),
	};
	const name = `send ${downloadQueue}`;
	if (occasion === 'submitted') return isTraced() ? startSpan(name, options) : null;
	return startSpan(name, { ...options, ...ofItsOwn(job.trace) });
}

/** The work on a job that a message has brought: it goes on with the trace of whoever sent it. */
export function inDelivery<T>(
	job: Job,
	sender: TraceParent | null,
	work: () => Promise<T>,
): Promise<T> {
	const parent = sender === null ? ofItsOwn(null) : { parent: sender };
	return inProcess(job, parent, work);
}

/** The work on a job that came straight from the database. */
export function inDirectWork<T>(job: TracedJob, work: () => Promise<T>): Promise<T> {
	return inProcess(job, ofItsOwn(job.trace), work);
}

function inProcess<T>(
	job: Job,
	place: Pick<Parameters<typeof startSpan>[1], 'parent' | 'links' | 'rule'>,
	work: () => Promise<T>,
): Promise<T> {
	const attributes = attributesOf(job, 'process');
	const options = { kind: SpanKind.CONSUMER, attributes, ...place };
	return inSpan(`process ${downloadQueue}`, options, work);
}

function ofItsOwn(submission: TraceParent | null) {
	return { parent: null, links: [submission], rule: 'as-linked' } as const;
}

/** What tells the receiver of the trace. */
export function headersOf(sending: Span | null): Record<string, string> {
	const name = sending ? traceParent(sending) : traceParent();
	return name === null ? {} : { [traceHeader]: name };
}

function attributesOf(job: Job, operation: 'send' | 'process'): Attributes {
	return {
		'messaging.system': 'rabbitmq',
		'messaging.operation.type': operation,
		'messaging.operation.name': operation,
		'messaging.destination.name': downloadQueue,
		'verifeed.contract': keyText(job),
		'verifeed.version': job.version,
	};
}
