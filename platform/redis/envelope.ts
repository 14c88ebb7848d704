import { z } from 'zod';
import type { StatusEvent } from '../../domain/contract.ts';
import { isTraced, traceParent } from '../telemetry/tracing/spans.ts';
import { parseEvent } from './wire.ts';

/** An event as it is published: pub/sub has no headers for its trace. */
export interface Envelope {
	v: 1;
	/** The span in which it is told; where that is not kept, the one that caused the change. */
	traceparent: string | null;
	/** By the clock of the process that tells it, RFC 3339; for a person who listens at Redis. No process reads it. */
	emittedAt: string;
	data: Omit<StatusEvent, 'trace'>;
}

const envelope = z.object({
	v: z.literal(1),
	traceparent: z.string().nullable(),
	data: z.unknown(),
});

export function inEnvelope({ trace, ...data }: StatusEvent): Envelope {
	const traceparent = isTraced() ? traceParent() : trace;
	return { v: 1, traceparent, emittedAt: new Date().toISOString(), data };
}

/** Throws when the payload is no event. A bare one is of the former release, which may run beside this one. */
export function openEnvelope(payload: unknown): StatusEvent {
	if (typeof payload !== 'object' || payload === null || !('v' in payload)) {
		return parseEvent(payload);
	}
	const { data, traceparent } = envelope.parse(payload);
	return { ...parseEvent(data), trace: traceparent };
}
