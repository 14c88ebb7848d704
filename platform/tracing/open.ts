import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOffSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Config } from '../config.ts';
import type { SpanDelivery } from '../metrics/spans.ts';
import { createExport } from './export.ts';
import { idGenerator } from './ids.ts';
import { createSampler } from './sampler.ts';

const closeMs = 2_000;
const sendMs = 3_000;

/**
 * Makes this process' spans real, and sends them where the configuration says; without an endpoint there are
 * trace ids for logs and answers, and nothing is kept. The end waits a moment for what is still to be sent.
 */
export async function openTracing(
	service: string,
	config: Config,
	delivery: SpanDelivery,
): Promise<{ close(): Promise<void> }> {
	const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
	const provider = new TracerProvider({
		resource: resourceFromAttributes({
			[ATTR_SERVICE_NAME]: service,
			[ATTR_SERVICE_VERSION]: config.APP_VERSION,
		}),
		idGenerator,
		sampler: endpoint ? createSampler(config.TRACES_SHARE) : new AlwaysOffSampler(),
		spanProcessors: endpoint ? [createExport(await openExporter(endpoint), delivery)] : [],
	});
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	trace.setGlobalTracerProvider(provider);
	return {
		async close() {
			const late = new Promise((resolve) => setTimeout(resolve, closeMs).unref());
			await Promise.race([provider.shutdown().catch(() => {}), late]);
		},
	};
}

async function openExporter(endpoint: string) {
	const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
	const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
	return new OTLPTraceExporter({ url: url.href, timeoutMillis: sendMs });
}
