import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Reply } from './envelope.ts';
import { faultReplies } from './fault-replies.ts';
import type { FaultName } from './faults.ts';

const bigBytes = 256 * 1024 * 1024;
const chunk = 'a'.repeat(64 * 1024);

/** Answers a call in the way of `fault`; `reply` is what would have been the right answer. */
export async function spoil(
	fault: FaultName,
	reply: Reply,
	response: ServerResponse,
	slowness: number,
	stopped: AbortSignal,
): Promise<void> {
	switch (fault) {
		case 'hang':
			return;
		case 'reset':
			response.socket?.resetAndDestroy();
			return;
		case 'slow':
			await delay(slowness, undefined, { signal: stopped });
			send(response, reply);
			return;
		case 'cut-json':
			send(response, { ...reply, body: reply.body.slice(0, Math.ceil(reply.body.length / 2)) });
			return;
		case 'cut-body':
			head(response, reply, Buffer.byteLength(reply.body));
			response.write(reply.body.slice(0, Math.ceil(reply.body.length / 2)), () =>
				response.destroy(),
			);
			return;
		case 'big':
			await sendBig(response, stopped);
			return;
		default:
			send(response, faultReplies[fault] ?? reply);
	}
}

/** Sends an answer whole. */
export function send(response: ServerResponse, reply: Reply): void {
	head(response, reply, Buffer.byteLength(reply.body));
	response.end(reply.body);
}

function head(response: ServerResponse, reply: Reply, length: number): void {
	response.writeHead(reply.status ?? 200, {
		'content-type': 'application/json; charset=utf-8',
		...reply.headers,
		'content-length': length,
	});
}

/** A body far over any sane limit, without a length; it ends early when the client hangs up. */
async function sendBig(response: ServerResponse, stopped: AbortSignal): Promise<void> {
	response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
	response.write('{"status":"1","message":"OK","result":[{"SourceCode":"');
	for (let sent = 0; sent < bigBytes && !response.destroyed; sent += chunk.length) {
		if (!response.write(chunk)) await drained(response, stopped);
	}
	response.end('"}]}');
}

async function drained(response: ServerResponse, stopped: AbortSignal): Promise<void> {
	const either = new AbortController();
	const signal = AbortSignal.any([either.signal, stopped]);
	const events = [once(response, 'drain', { signal }), once(response, 'close', { signal })];
	await Promise.race(events).finally(() => either.abort());
}
