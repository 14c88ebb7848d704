import { SpanKind } from '@opentelemetry/api';
import type { TelemetryEventOf } from '../domain/telemetry.ts';
import { fail, isTraced, startSpan } from './tracing/spans.ts';

/** The span of a call that is over, below the active one where that is kept. */
export function spanOfCall(event: TelemetryEventOf<'upstream.called'>): void {
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
export function spanOfWait(event: TelemetryEventOf<'upstream.wait-ended'>): void {
	if (!isTraced()) return;
	const span = startSpan('wait for a turn', {
		startTime: Date.now() - event.seconds * 1_000,
		attributes: { 'verifeed.upstream': event.upstream },
	});
	if (event.error !== undefined) fail(span, event.error);
	span.end();
}
