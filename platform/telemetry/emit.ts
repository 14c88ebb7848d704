import { trace } from '@opentelemetry/api';
import type { Logger } from 'winston';
import { SourceError } from '../../domain/errors.ts';
import type { Emit, TelemetryEvent } from '../../domain/telemetry.ts';
import { errorFacts } from './log/clean.ts';
import { createLogListener } from './log-listener.ts';
import type { Metrics } from './metrics.ts';
import { measure } from './metrics-listener.ts';
import { fail } from './tracing/spans.ts';

/** Every event of a process goes through here: to its metrics where it has any, to the active span, to the log. */
export function createEmit(log: Logger, metrics?: Metrics): Emit {
	const write = createLogListener(log);
	return (event) => {
		try {
			if (metrics) measure(metrics, event);
			noteInSpan(event);
			write(event);
		} catch (error) {
			// Whoever emits goes on: what is wrong with an event is no fault of theirs.
			log.error('event not recorded', { type: event.type, error: errorFacts(error) });
		}
	};
}

/** The span of a job is the active one. What is understood stands in the contract, and is no fault of ours. */
function noteInSpan(event: TelemetryEvent): void {
	if (event.type !== 'job.ended') return;
	const span = trace.getActiveSpan();
	if (!span?.isRecording()) return;
	span.setAttribute('verifeed.outcome', event.outcome);
	if (event.error instanceof SourceError) span.setAttribute('error.type', event.error.code);
	else if (event.error !== undefined) fail(span, event.error);
}
