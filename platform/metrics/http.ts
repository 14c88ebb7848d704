import { type Emit, type HttpRoute, httpMethods, oneOf } from '../../domain/telemetry.ts';

export type Route = HttpRoute;

export type ObserveHttp = (
	request: { method: string; route: Route; status: number },
	seconds: number,
) => void;

export function createHttpMetrics(emit: Emit): ObserveHttp {
	return (request, seconds) => emit({ type: 'http.answered', ...request, seconds });
}

export function methodOf(method: string) {
	return oneOf(httpMethods, method);
}
