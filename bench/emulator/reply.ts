import type { ServerResponse } from 'node:http';

/** A whole HTTP answer, ready to be sent or corrupted; without a content type of its own it is JSON. */
export interface Reply {
	status?: number;
	headers?: Readonly<Record<string, string>>;
	body: string | Uint8Array;
}

/** Any JSON, with 200 when no status is given. */
export function json(value: unknown, status = 200): Reply {
	return { status, body: JSON.stringify(value) };
}

/** A web page, as proxies and firewalls send it. */
export function page(title: string, text: string, status = 200): Reply {
	return {
		status,
		headers: { 'content-type': 'text/html; charset=UTF-8' },
		body: `<!DOCTYPE html>\n<html lang="en-US"><head><title>${title}</title></head>\n<body>${text}</body></html>\n`,
	};
}

/** Sends an answer whole. */
export function send(response: ServerResponse, reply: Reply): void {
	head(response, reply, Buffer.byteLength(reply.body));
	response.end(reply.body);
}

/** Sends what stands before the body; a length that is given is announced, true or not. */
export function head(response: ServerResponse, reply: Reply, length?: number): void {
	response.writeHead(reply.status ?? 200, {
		'content-type': 'application/json; charset=utf-8',
		...reply.headers,
		...(length !== undefined && { 'content-length': length }),
	});
}
