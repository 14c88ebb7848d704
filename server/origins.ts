import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Exchange } from './http-answer.ts';

/** What web pages may do, by the origin that a browser gives with their requests. Whoever is no browser may do all. */
export interface Origins {
	mayRead(headers: IncomingHttpHeaders): boolean;
	/** Submit, that is: also by what a browser sends for any page without asking first, such as a GET. */
	mayChange(headers: IncomingHttpHeaders): boolean;
	/** Lets the page read the answer. */
	share(exchange: Exchange): void;
	/** Answers the question that a browser asks before most requests of other pages. */
	answerPreflight(exchange: Exchange): void;
}

const exposed = 'ETag, Content-Disposition, Retry-After, RateLimit, RateLimit-Policy, X-Trace-Id';

/** `allowed`: as `ALLOWED_ORIGINS`. */
export function createOrigins(allowed: readonly string[] | undefined): Origins {
	const names = new Set(allowed);
	const all = names.has('*');
	const anyReads = all || allowed === undefined;

	function mayRead(headers: IncomingHttpHeaders): boolean {
		const { origin } = headers;
		return anyReads || origin === undefined || names.has(origin) || isOwn(headers);
	}

	function share({ request, response }: Exchange): void {
		const { origin = '' } = request.headers;
		response.setHeader('access-control-expose-headers', exposed);
		if (anyReads) response.setHeader('access-control-allow-origin', '*');
		else {
			// A cache must not give one page the answer that another may not read.
			response.setHeader('vary', 'Origin');
			if (origin && mayRead(request.headers))
				response.setHeader('access-control-allow-origin', origin);
		}
	}

	return {
		mayRead,
		mayChange(headers) {
			const { origin, 'sec-fetch-site': site } = headers;
			if (all || (origin === undefined && site === undefined)) return true;
			return (origin !== undefined && names.has(origin)) || isOwn(headers);
		},
		share,
		answerPreflight({ request, response }) {
			const { 'access-control-request-headers': asked } = request.headers;
			const headers: OutgoingHttpHeaders = {
				'access-control-allow-methods': 'GET, POST',
				...(asked && { 'access-control-allow-headers': asked }),
				'access-control-max-age': '86400',
				// Safari waits for a body where none is said.
				'content-length': 0,
			};
			response.writeHead(204, mayRead(request.headers) ? headers : { 'content-length': 0 }).end();
		},
	};
}

/**
 * A page that this server gave out, or nobody's: typed, or opened from a bookmark. A browser says so itself, over TLS and on localhost;
 * elsewhere the origin of the page says it, where proxies hand the `Host` on.
 */
function isOwn({ origin = '', host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
	if (site === 'same-origin' || site === 'none') return true;
	return host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}
