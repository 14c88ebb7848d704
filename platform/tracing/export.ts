import { SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import {
	BatchSpanProcessor,
	type ReadableSpan,
	type SpanExporter,
	type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { SpanDelivery } from '../metrics/spans.ts';

const mostWaiting = 4_096;

/**
 * Sends spans in batches, beside everything else. What waits is bounded; spans that find no room, and those that
 * could not be sent, are counted and gone.
 */
export function createExport(
	exporter: SpanExporter,
	{ sent, dropped }: SpanDelivery,
): SpanProcessor {
	let waiting = 0;
	const batches = new BatchSpanProcessor({
		exporter: {
			export(spans, done) {
				waiting -= spans.length;
				exporter.export(spans, (result) => {
					const arrived = result.code === ExportResultCode.SUCCESS;
					sent(arrived);
					if (!arrived) dropped(spans.length);
					done(result);
				});
			},
			forceFlush: async () => exporter.forceFlush?.(),
			shutdown: () => exporter.shutdown(),
		},
		maxQueueSize: mostWaiting,
		maxExportBatchSize: 512,
		scheduledDelayMillis: 2_000,
		exportTimeoutMillis: 5_000,
	});
	return {
		onStart() {},
		onEnd(span) {
			const kept = keptAfterAll(span);
			if (!kept) return;
			if (waiting >= mostWaiting) return dropped(1);
			waiting += 1;
			batches.onEnd(kept);
		},
		forceFlush: () => batches.forceFlush(),
		shutdown: () => batches.shutdown(),
	};
}

/** Of a trace that was not chosen only a root that failed is kept. */
function keptAfterAll(span: ReadableSpan): ReadableSpan | null {
	const at = span.spanContext();
	if (at.traceFlags & TraceFlags.SAMPLED) return span;
	if (span.status.code !== SpanStatusCode.ERROR) return null;
	const sampled = { ...at, traceFlags: at.traceFlags | TraceFlags.SAMPLED };
	return Object.create(span, { spanContext: { value: () => sampled } });
}
