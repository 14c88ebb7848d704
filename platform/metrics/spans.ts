import type { Metrics } from './registry.ts';
import { createCounter, createGauge } from './series.ts';

/** What becomes of spans on their way out. */
export interface SpanDelivery {
	/** A batch arrived, or did not. */
	sent(arrived: boolean): void;
	/** So many are gone: they found no room, or could not be sent. */
	dropped(spans: number): void;
}

export function exportSpans(registry: Metrics): SpanDelivery {
	const dropped = createCounter(registry, {
		name: 'otel_spans_dropped_total',
		help: 'Spans that found no room or could not be sent',
		labels: {},
	});
	const failing = createGauge(registry, {
		name: 'otel_delivery_failing',
		help: '1 while the last attempt to send spans failed',
		labels: {},
	});
	return {
		sent: (arrived) => failing({}, Number(!arrived)),
		dropped: (spans) => dropped({}, spans),
	};
}
