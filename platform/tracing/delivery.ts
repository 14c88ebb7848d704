import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { isKept, startSpan, type TraceParent } from './spans.ts';

/** One event on its way to one subscriber, in the trace that made it. */
export interface DeliverySpan {
	run(work: () => void): void;
	end(failed: boolean): void;
}

/** Null where that trace is not kept. */
export function startDelivery(
	made: TraceParent | null,
	attributes: Record<string, string | number>,
): DeliverySpan | null {
	if (made === null || !isKept(made)) return null;
	const span = startSpan('status.deliver', { kind: SpanKind.CONSUMER, parent: made, attributes });
	const at = trace.setSpan(ROOT_CONTEXT, span);
	return {
		run: (work) => context.with(at, work),
		end(failed) {
			if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
			span.end();
		},
	};
}
