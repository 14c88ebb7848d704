import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Taker } from './turns.ts';

/** One request and the response that belongs to it. */
export interface Exchange {
	request: IncomingMessage;
	response: ServerResponse;
}

/** Nothing in it runs or loads anything in a browser, whatever else it is taken for. */
export const inertHeaders = {
	'x-content-type-options': 'nosniff',
	'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
	'referrer-policy': 'no-referrer',
};

export const json = { 'content-type': 'application/json; charset=utf-8' };

/** Who makes a large answer for a client. */
export function takerOf(exchange: Exchange, client: number): Taker {
	return { client, over: whenOver(exchange), cut: () => exchange.response.destroy() };
}

/** Resolves when the answer has gone out, or its client has left. */
export function whenOver({ response }: Exchange): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	if (response.closed) resolve();
	else response.once('close', resolve);
	return promise;
}

/** Answers with a whole body, or to HEAD with its headers. */
export function send(
	{ request, response }: Exchange,
	status: number,
	headers: OutgoingHttpHeaders,
	body: string | Buffer,
): void {
	const bytes = typeof body === 'string' ? Buffer.from(body) : body;
	response.writeHead(status, { ...inertHeaders, ...headers, 'content-length': bytes.length });
	response.end(request.method === 'HEAD' ? undefined : bytes);
}

export interface Refusal {
	code: string;
	message: string;
	[detail: string]: unknown;
}

/** Answers with `{ "errors": [{ message, extensions: { code, … } }] }`, as GraphQL does; no cache keeps it. */
export function sendError(
	exchange: Exchange,
	status: number,
	refusal: Refusal,
	headers: OutgoingHttpHeaders = {},
): void {
	const noStore = { ...headers, ...json, 'cache-control': 'no-store' };
	send(exchange, status, noStore, errorBody(refusal));
}

export function errorBody({ message, ...extensions }: Refusal): string {
	return `${JSON.stringify({ errors: [{ message, extensions }] })}\n`;
}

/** Answers 304 where the client says that it has what the entity tag in `headers` names. */
export function sentNotModified(
	{ request, response }: Exchange,
	headers: OutgoingHttpHeaders & { etag: string },
): boolean {
	if (!clientHas(request.headers['if-none-match'] ?? '', headers.etag)) return false;
	response.writeHead(304, headers).end();
	return true;
}

/** If-None-Match by RFC 9110 section 13.1.2: `*` for whatever there is, or tags, compared weakly. */
function clientHas(ifNoneMatch: string, etag: string): boolean {
	if (ifNoneMatch.trim() === '*') return true;
	const tags = ifNoneMatch.matchAll(/(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g);
	return [...tags].some(([, tag]) => tag === etag);
}
