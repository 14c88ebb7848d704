import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { type Exchange, everywhere, type FaultRow, textOf } from './fault-row.ts';
import { head, send } from './reply.ts';

const bigBytes = 256 * 1024 * 1024;
const chunk = 'a'.repeat(64 * 1024);
const dripMs = 20;
const gzipped = { 'content-encoding': 'gzip' };

/** What goes wrong with the bytes on their way. */
export const wireFaults = {
	'cut-body': everywhere(({ reply, response }) => {
		const text = textOf(reply);
		head(response, reply, Buffer.byteLength(text));
		response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.destroy());
	}),
	stall: everywhere(({ reply, response }) => {
		const text = textOf(reply);
		head(response, reply, Buffer.byteLength(text));
		response.write(text.slice(0, Math.ceil(text.length / 2)));
	}),
	'big-header': everywhere(({ reply, response }) => {
		send(response, { ...reply, headers: { ...reply.headers, 'x-padding': chunk } });
	}),
	'bad-gzip': everywhere(({ reply, response }) => {
		send(response, { ...reply, headers: { ...reply.headers, ...gzipped } });
	}),
	'cut-gzip': everywhere(async ({ reply, response }) => {
		const body = await promisify(gzip)(reply.body);
		const cut = body.subarray(0, Math.ceil(body.length / 2));
		send(response, { ...reply, headers: { ...reply.headers, ...gzipped }, body: cut });
	}),
	'gzip-bomb': everywhere(async ({ response }) => {
		send(response, { headers: gzipped, body: await gzipBomb() });
	}),
	big: everywhere(sendBig),
	drip: everywhere(drip),
	redirect: everywhere(({ request, response }) => {
		const { port } = new URL(`http://${request.headers.host}`);
		send(response, redirectTo(`http://127.0.0.2:${port}${request.url}`));
	}),
	'redirect-self': everywhere(({ request, response }) => {
		send(response, redirectTo(`http://${request.headers.host}${request.url}`));
	}),
	reset: everywhere(({ response }) => {
		response.socket?.resetAndDestroy();
	}),
	hang: everywhere(() => {}),
	slow: everywhere(async ({ reply, response, slowness, stopped }) => {
		await delay(slowness, undefined, { signal: stopped });
		send(response, reply);
	}),
} satisfies Record<string, FaultRow>;

function redirectTo(location: string) {
	return { status: 302, headers: { location }, body: '' };
}

/** A body far over any sane limit, without a length; it ends early when the client hangs up. */
async function sendBig({ response, stopped }: Exchange): Promise<void> {
	head(response, { body: '' });
	response.write('{"status":"1","message":"OK","result":[{"SourceCode":"');
	for (let sent = 0; sent < bigBytes && !response.destroyed; sent += chunk.length) {
		if (!response.write(chunk)) await drained(response, stopped);
	}
	response.end('"}]}');
}

/** A body that never ends, a byte at a time, until the client hangs up. */
async function drip({ response, stopped }: Exchange): Promise<void> {
	head(response, { body: '' });
	response.write('{');
	while (!response.destroyed) {
		await delay(dripMs, undefined, { signal: stopped });
		response.write(' ');
	}
}

async function drained(response: ServerResponse, stopped: AbortSignal): Promise<void> {
	const either = new AbortController();
	const signal = AbortSignal.any([either.signal, stopped]);
	const events = [once(response, 'drain', { signal }), once(response, 'close', { signal })];
	await Promise.race(events).finally(() => either.abort());
}

/** Bytes that the bomb inflates to. */
export const bombBytes = 264 * 1024 * 1024;

const megabyte = Buffer.alloc(1024 * 1024, 'a');
let bomb: Promise<Buffer> | undefined;

/** About 260 KB of gzip that inflate to 264 MB of JSON text; made once, when it is first asked for. */
export function gzipBomb(): Promise<Buffer> {
	bomb ??= buffer(Readable.from(pieces()).pipe(createGzip({ level: 9 })));
	return bomb;
}

function* pieces(): Generator<Buffer> {
	yield Buffer.from('{"status":"1","message":"OK","result":[{"SourceCode":"');
	for (let sent = 0; sent < bombBytes; sent += megabyte.length) yield megabyte;
	yield Buffer.from('"}]}');
}
