import { SpanKind, trace } from '@opentelemetry/api';
import { SourceError } from '../../domain/errors.ts';
import type { TelemetryEvent, TelemetryEventOf } from '../../domain/telemetry.ts';
import { fail, isTraced, startSpan } from './tracing/spans.ts';

/** Makes spans of what is over, and notes in the active span what became of its work. */
export function noteInSpan(event: TelemetryEvent): void {
	if (event.type === 'upstream.called') spanOfCall(event);
	if (event.type === 'upstream.wait-ended') spanOfWait(event);
	if (event.type === 'job.ended') noteOutcome(event);
}

function noteOutcome(event: TelemetryEventOf<'job.ended'>): void {
	const span = trace.getActiveSpan();
	if (!span?.isRecording()) return;
	span.setAttribute('verifeed.outcome', event.outcome);
	// What is understood stands in the contract, and is no fault of ours.
	if (event.error instanceof SourceError) span.setAttribute('error.type', event.error.code);
	else if (event.error !== undefined) fail(span, event.error);
}

/** The span of a call that is over, below the active one where that is kept. */
function spanOfCall(event: TelemetryEventOf<'upstream.called'>): void {
	if (!isTraced()) return;
	const { upstream, outcome, seconds, status, error } = event;
	const { hostname, port, protocol } = new URL(event.url);
	const span = startSpan('GET', {
		kind: SpanKind.CLIENT,
		startTime: Date.now() - seconds * 1_000,
		attributes: {
			'http.request.method': 'GET',
			'verifeed.upstream': upstream,
			'url.full': event.url,
			'server.address': hostname,
			'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
			...(status !== null && { 'http.response.status_code': status }),
			...(outcome !== null && { 'verifeed.outcome': outcome }),
		},
	});
	// That an upstream has no source is an answer, and no failure of it.
	if (outcome !== null && outcome !== 'ok' && outcome !== 'not_found') fail(span, error);
	span.end();
}

/** As `spanOfCall`, of a wait for a turn. */
function spanOfWait(event: TelemetryEventOf<'upstream.wait-ended'>): void {
	if (!isTraced()) return;
	const span = startSpan('wait for a turn', {
		startTime: Date.now() - event.seconds * 1_000,
		attributes: { 'verifeed.upstream': event.upstream },
	});
	if (event.error !== undefined) fail(span, event.error);
	span.end();
}
