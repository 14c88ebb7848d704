import { type Attributes, type Span, SpanKind } from '@opentelemetry/api';
import { z } from 'zod';
import { contractKey, keyText } from '../../domain/contract.ts';
import type { Job, Occasion, TracedJob } from '../../domain/ports.ts';
import {
	inSpan,
	isTraced,
	startSpan,
	type TraceParent,
	traceParent,
} from '../telemetry/tracing/spans.ts';
import { downloadQueue } from './queues.ts';

const message = contractKey.extend({ version: z.int().min(1) });

export function writeJob({ chainId, address, version }: Job): Buffer {
	return Buffer.from(JSON.stringify({ chainId, address, version }));
}

/** Throws for anything that is not a job: whoever reaches the broker can publish. */
export function parseJob(content: Buffer): Job {
	return message.parse(JSON.parse(content.toString()));
}

/** The header of a message in which its trace goes on. */
export const traceHeader = 'traceparent';

/** Names the span of the sending, or the active one, to whoever receives the message. */
export function headersOf(sending: Span | null): Record<string, string> {
	const name = sending ? traceParent(sending) : traceParent();
	return name === null ? {} : { [traceHeader]: name };
}

/**
 * The sending of one job: a part of what submitted it, or a trace of its own that is linked to its submission. None
 * where there is nothing to keep.
 */
export function startSending(job: TracedJob, occasion: Occasion): Span | null {
	const options = { kind: SpanKind.PRODUCER, attributes: attributesOf(job, 'send') };
	const name = `send ${downloadQueue}`;
	if (occasion === 'submitted') return isTraced() ? startSpan(name, options) : null;
	return startSpan(name, { ...options, ...ownTrace(job.trace) });
}

/** The work on a job goes on with the trace of whoever sent it, or has one of its own linked to its submission. */
export function inProcessing<T>(
	job: Job,
	from: { sender: TraceParent } | { submission: TraceParent | null },
	work: () => Promise<T>,
): Promise<T> {
	const trace = 'sender' in from ? { parent: from.sender } : ownTrace(from.submission);
	const options = { kind: SpanKind.CONSUMER, attributes: attributesOf(job, 'process'), ...trace };
	return inSpan(`process ${downloadQueue}`, options, work);
}

function ownTrace(submission: TraceParent | null) {
	return { parent: null, links: [submission], rule: 'as-linked' } as const;
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
