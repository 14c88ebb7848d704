import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

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
