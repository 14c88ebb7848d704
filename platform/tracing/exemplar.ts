import { TraceFlags, trace } from '@opentelemetry/api';

/** Leads from a measurement to its trace; only to one that is kept, as others cannot be looked at. */
export function exemplar(): { trace_id: string } | undefined {
	const span = trace.getActiveSpan()?.spanContext();
	if (!span || (span.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
	return { trace_id: span.traceId };
}
