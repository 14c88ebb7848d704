import { answerSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import { createHistogram } from './series.ts';

const methods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'other'] as const;
export const routes = ['/graphql', '/contracts', '/api', '/health', 'other'] as const;
const classes = ['2xx', '3xx', '4xx', '5xx'] as const;

type Method = (typeof methods)[number];
export type Route = (typeof routes)[number];
type StatusClass = (typeof classes)[number];

const known = new Set<string>(methods);

export type ObserveHttp = (
	request: { method: string; route: Route; status: number },
	seconds: number,
) => void;

/** HTTP requests until their answer was taken, and event streams until they began. */
export function createHttpMetrics(registry: Metrics): ObserveHttp {
	const observe = createHistogram(registry, {
		name: 'http_server_request_duration_seconds',
		help: 'HTTP requests until their answer, and event streams until they began',
		labels: { method: methods, route: routes, status_class: classes },
		only: isUsual,
		buckets: answerSeconds,
	});
	return ({ method, route, status }, seconds) => {
		observe({ method: methodOf(method), route, status_class: classOf(status) }, seconds);
	};
}

export function methodOf(method: string): Method {
	// Only what is in the set is told.
	return known.has(method) ? (method as Method) : 'other';
}

function classOf(status: number): StatusClass {
	if (status < 300) return '2xx';
	if (status < 400) return '3xx';
	return status < 500 ? '4xx' : '5xx';
}

interface Labels {
	method: Method;
	route: Route;
	status_class: StatusClass;
}

/** The others are there once they happen: each would be 13 lines that stay at zero. */
function isUsual({ method, route, status_class }: Labels): boolean {
	if (method === 'other') return false;
	if (route === '/health')
		return method === 'GET' && status_class !== '3xx' && status_class !== '4xx';
	if (route === 'other')
		return method === 'GET' && (status_class === '3xx' || status_class === '4xx');
	if (method === 'OPTIONS') return status_class === '2xx';
	if (status_class === '3xx') return route === '/contracts' && method !== 'POST';
	if (method === 'HEAD') return route === '/contracts';
	return method === 'GET' || route !== '/contracts';
}
