import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQlMetrics } from '../platform/metrics/graphql.ts';
import { methodOf, type ObserveHttp, type Route } from '../platform/metrics/http.ts';
import { newRequestTrace, type RequestTrace } from '../platform/tracing/request.ts';
import { downloadRoute } from './download-route.ts';
import { etherscanRoute } from './etherscan/call.ts';
import { newOperation } from './operation.ts';
import type { OperationTold } from './operation-plugin.ts';

/** One exchange over HTTP, told of from its first moment to its last. */
export interface WatchedExchange {
	trace: RequestTrace;
	/** Of a request to /graphql. */
	graphql: OperationTold | null;
	/** It was let in and is about to be answered. */
	begin(): void;
}

export type Watch = (request: IncomingMessage, response: ServerResponse) => WatchedExchange;

/** As nginx has it: the client has left before there was an answer. */
const clientLeft = 499;

/** Gives every answer its `x-trace-id`, and tells of the exchange when its answer is over. */
export function createWatch(observe: ObserveHttp, metrics: GraphQlMetrics): Watch {
	return (request, response) => {
		const startedAt = performance.now();
		let answeredAt = 0;
		const { method = '' } = request;
		const route = routeOf(request.url);
		const trace = newRequestTrace();
		response.setHeader('x-trace-id', trace.traceId);
		// Only a page from elsewhere needs to be allowed to read it.
		if (request.headers.origin) response.setHeader('access-control-expose-headers', 'x-trace-id');
		const { traceparent: clientTrace } = request.headers;
		const operation =
			route === '/graphql'
				? newOperation(metrics, trace, { transport: 'http', method, clientTrace })
				: null;
		response.once('close', () => {
			const left = !response.writableFinished;
			const status = left && !response.headersSent ? clientLeft : response.statusCode;
			const seconds = ((answeredAt || performance.now()) - startedAt) / 1_000;
			operation?.end(left ? 'cancelled' : 'answered', status);
			trace.run(() => observe({ method, route, status }, seconds));
			trace.end({ 'http.response.status_code': status }, status >= 500 ? `${status}` : null);
		});
		return {
			trace,
			graphql: operation && {
				operation,
				streaming() {
					answeredAt = performance.now();
				},
			},
			begin() {
				if (route !== '/contracts' && route !== '/api') return;
				const path = route === '/api' ? '/v2/api' : '/contracts/:chainId/:address';
				const attributes = { 'http.request.method': methodOf(method), 'http.route': path };
				trace.begin(`${methodOf(method)} ${path}`, { attributes, rule: 'share', clientTrace });
			},
		};
	};
}

function routeOf(url = ''): Route {
	if (url === '/graphql' || url.startsWith('/graphql?')) return '/graphql';
	if (/^\/(?:livez|readyz)(?:\?|$)/.test(url)) return '/health';
	if (downloadRoute(url)) return '/contracts';
	return etherscanRoute(url) ? '/api' : 'other';
}
