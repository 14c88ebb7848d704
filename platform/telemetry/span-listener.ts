import { trace } from '@opentelemetry/api';
import { SourceError } from '../../domain/errors.ts';
import type { TelemetryEvent } from '../../domain/telemetry.ts';
import { fail } from './tracing/spans.ts';

/** Notes in the active span what became of its work. */
export function noteInSpan(event: TelemetryEvent): void {
	if (event.type !== 'job.ended') return;
	const span = trace.getActiveSpan();
	if (!span?.isRecording()) return;
	span.setAttribute('verifeed.outcome', event.outcome);
	// What is understood stands in the contract, and is no fault of ours.
	if (event.error instanceof SourceError) span.setAttribute('error.type', event.error.code);
	else if (event.error !== undefined) fail(span, event.error);
}
