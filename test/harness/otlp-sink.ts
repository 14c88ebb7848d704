import { type Endpoint, startEndpoint } from './faulty-endpoint.ts';
import { decodeSpans, encodeAnswer, type SinkSpan } from './otlp-spans.ts';

/** Takes traces as Tempo does, and keeps them; `url` is what OTEL_EXPORTER_OTLP_ENDPOINT is to be. */
export interface OtlpSink extends Endpoint {
	/** All that have arrived, in the order of arrival. */
	spans(): readonly SinkSpan[];
	/** All that have arrived, once they fit; spans come in batches every two seconds. */
	until(fits: (spans: readonly SinkSpan[]) => boolean): Promise<readonly SinkSpan[]>;
	/** The first span, past or to come, that fits. */
	span(fits: (span: SinkSpan) => boolean): Promise<SinkSpan>;
}

/** OTLP over HTTP with protobuf, on a free loopback port, with faults at will. */
export async function startOtlpSink(): Promise<OtlpSink> {
	const spans: SinkSpan[] = [];
	const waiting = new Set<() => void>();
	const endpoint = await startEndpoint((request, body, response) => {
		const type = request.headers['content-type'];
		if (request.method !== 'POST' || request.url !== '/v1/traces') {
			response.writeHead(404).end();
			return;
		}
		if (type !== 'application/x-protobuf') throw new Error(`not protobuf, but ${type}`);
		spans.push(...decodeSpans(body));
		for (const look of waiting) look();
		response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(encodeAnswer());
	});

	function until(fits: (all: readonly SinkSpan[]) => boolean): Promise<readonly SinkSpan[]> {
		const { promise, resolve, reject } = Promise.withResolvers<readonly SinkSpan[]>();
		const look = () => {
			try {
				if (fits(spans)) resolve(spans);
			} catch (error) {
				reject(error);
			}
		};
		waiting.add(look);
		look();
		return promise.finally(() => waiting.delete(look));
	}

	return {
		...endpoint,
		spans: () => spans,
		until,
		async span(fits) {
			const found = (await until((all) => all.some(fits))).find(fits);
			if (!found) throw new Error('it was there a moment ago');
			return found;
		},
	};
}
