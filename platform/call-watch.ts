import { SpanKind, trace } from '@opentelemetry/api';
import type { CallWatch, ExchangeOnlooker } from '../domain/ports.ts';
import type { Emit } from '../domain/telemetry.ts';
import { fail, inChild, isTraced } from './telemetry/tracing/spans.ts';

/** Tells of what upstreams are asked, with spans below one that is kept. */
export function createCallWatch(emit: Emit): CallWatch {
	return {
		async call({ upstream, endpoint }, work, outcomeOf) {
			const options = {
				kind: SpanKind.CLIENT,
				attributes: { 'http.request.method': 'GET', 'verifeed.upstream': upstream },
			};
			const started = performance.now();
			const ended = await inChild('GET', options, async () => {
				const result = await work(onlooker).then(
					(value) => ({ value, outcome: 'ok' as const }),
					(error: unknown) => ({ error, outcome: outcomeOf(error) }),
				);
				const { outcome } = result;
				if (outcome === null) return result;
				tellSpan(outcome, 'error' in result ? result.error : undefined);
				const seconds = (performance.now() - started) / 1_000;
				emit({ type: 'upstream.called', upstream, endpoint, outcome, seconds });
				return result;
			});
			if ('error' in ended) throw ended.error;
			return ended.value;
		},
		wait: (upstream, work) =>
			inChild('wait for a turn', { attributes: { 'verifeed.upstream': upstream } }, work),
		waited: (upstream, seconds) => emit({ type: 'upstream.waited', upstream, seconds }),
	};
}

/** That an upstream has no source is an answer, and no failure of it. */
function tellSpan(outcome: string, error: unknown): void {
	const span = trace.getActiveSpan();
	if (!span || !isTraced()) return;
	span.setAttribute('verifeed.outcome', outcome);
	if (outcome !== 'ok' && outcome !== 'not_found') fail(span, error);
}

/** The span of the call is the active one. A key may stand in the query of a URL, so that is left out. */
const onlooker: ExchangeOnlooker = {
	asks({ origin, pathname, hostname, port, protocol }) {
		ofCall({
			'url.full': `${origin}${pathname}`,
			'server.address': hostname,
			'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
		});
	},
	answered: (status) => ofCall({ 'http.response.status_code': status }),
};

/** Not where the call itself has none: the active span is then its caller's. */
function ofCall(attributes: Record<string, string | number>): void {
	if (isTraced()) trace.getActiveSpan()?.setAttributes(attributes);
}
