import { context, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
	AlwaysOffSampler,
	BatchSpanProcessor,
	type ReadableSpan,
	type SpanExporter,
	type SpanProcessor,
	TracerProvider,
} from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Config } from '../../config.ts';
import type { Metrics } from '../metrics.ts';
import { createSampler, isSampled } from './sampler.ts';
import { idGenerator } from './spans.ts';

/** What becomes of spans on their way out is measured there. */
type Measured = Pick<Metrics, 'count' | 'set'>;

const closeMs = 2_000;
const sendMs = 3_000;

/**
 * Makes this process' spans real, and sends them where the configuration says; without an endpoint there are
 * trace ids for logs and answers, and nothing is kept. The end waits a moment for what is still to be sent.
 */
export async function openTracing(
	service: string,
	config: Config,
	metrics: Measured,
): Promise<{ close(leftMs?: number): Promise<void> }> {
	const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
	const provider = new TracerProvider({
		resource: resourceFromAttributes({
			[ATTR_SERVICE_NAME]: service,
			[ATTR_SERVICE_VERSION]: config.APP_VERSION,
		}),
		idGenerator,
		sampler: endpoint ? createSampler() : new AlwaysOffSampler(),
		spanProcessors: endpoint ? [createExport(await openExporter(endpoint), metrics)] : [],
	});
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	trace.setGlobalTracerProvider(provider);
	return {
		async close(leftMs = closeMs) {
			const ms = Math.min(closeMs, leftMs);
			const late = new Promise((resolve) => setTimeout(resolve, ms).unref());
			await Promise.race([provider.shutdown().catch(() => {}), late]);
		},
	};
}

async function openExporter(endpoint: string) {
	const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
	const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
	return new OTLPTraceExporter({ url: url.href, timeoutMillis: sendMs });
}

const mostWaiting = 4_096;

/**
 * Sends spans in batches, beside everything else. What waits is bounded; spans that find no room, and those that
 * could not be sent, are counted and gone.
 */
function createExport(exporter: SpanExporter, metrics: Measured): SpanProcessor {
	const dropped = (spans: number) => metrics.count('otel_spans_dropped_total', {}, spans);
	let waiting = 0;
	const batches = new BatchSpanProcessor({
		exporter: {
			export(spans, done) {
				waiting -= spans.length;
				exporter.export(spans, (result) => {
					const arrived = result.code === ExportResultCode.SUCCESS;
					metrics.set('otel_delivery_failing', {}, Number(!arrived));
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

/** Of a trace that was not chosen only a root that failed is kept: as it is, but for the flag. */
function keptAfterAll(span: ReadableSpan): ReadableSpan | null {
	const at = span.spanContext();
	if (isSampled(at)) return span;
	if (span.status.code !== SpanStatusCode.ERROR) return null;
	const { name, kind, startTime, endTime, duration, ended, status, attributes, links } = span;
	const { events, resource, instrumentationScope } = span;
	const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
	return {
		...{ name, kind, startTime, endTime, duration, ended, status, attributes, links },
		...{ events, resource, instrumentationScope },
		...{ droppedAttributesCount, droppedEventsCount, droppedLinksCount },
		spanContext: () => ({ ...at, traceFlags: at.traceFlags | TraceFlags.SAMPLED }),
	};
}
