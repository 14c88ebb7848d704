import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** One request and the response that belongs to it. */
export interface Exchange {
	request: IncomingMessage;
	response: ServerResponse;
}

/** On every answer that any web page may read. */
export const publicHeaders = {
	'access-control-allow-origin': '*',
	'access-control-expose-headers': 'ETag, Content-Disposition, X-Trace-Id',
	'x-content-type-options': 'nosniff',
};

export const json = { 'content-type': 'application/json; charset=utf-8' };

/** The same shape as a GraphQL answer, so that a GraphQL client shows the sentence. */
export function errorBody(code: string, message: string): string {
	return `${JSON.stringify({ errors: [{ message, extensions: { code } }] })}\n`;
}

/** Answers with a whole body, or to HEAD with its headers. */
export function send(
	{ request, response }: Exchange,
	status: number,
	headers: OutgoingHttpHeaders,
	body: string,
): void {
	const bytes = Buffer.from(body);
	response.writeHead(status, { ...publicHeaders, ...headers, 'content-length': bytes.length });
	response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Answers with `{ "error": { code, message, … } }`, which no cache keeps. */
export function sendJsonError(
	exchange: Exchange,
	status: number,
	error: { code: string; message: string; [detail: string]: unknown },
	headers: OutgoingHttpHeaders = {},
): void {
	const noStore = { ...headers, ...json, 'cache-control': 'no-store' };
	send(exchange, status, noStore, `${JSON.stringify({ error }, null, 2)}\n`);
}

/** Answers 304 where the client says that it has what the entity tag in `headers` names. */
export function sentNotModified(
	{ request, response }: Exchange,
	headers: OutgoingHttpHeaders & { etag: string },
): boolean {
	if (!clientHas(request.headers['if-none-match'] ?? '', headers.etag)) return false;
	response.writeHead(304, { ...publicHeaders, ...headers }).end();
	return true;
}

/** If-None-Match by RFC 9110 section 13.1.2: `*` for whatever there is, or tags, compared weakly. */
function clientHas(ifNoneMatch: string, etag: string): boolean {
	if (ifNoneMatch.trim() === '*') return true;
	const tags = ifNoneMatch.matchAll(/(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g);
	return [...tags].some(([, tag]) => tag === etag);
}
