import type { OutgoingHttpHeaders } from 'node:http';
import type { ContractKey } from '../domain/contract.ts';
import type { StandardJson } from '../domain/source.ts';
import { filesUrl, standardJsonUrl } from './file-url.ts';
import { type Exchange, json, send, sendError, sentNotModified } from './http-answer.ts';

interface Asked {
	key: ContractKey;
	path: string;
	hash: string | null;
}

/** Answers with one file to the byte, or says why not. */
export function sendFile(
	exchange: Exchange,
	headers: OutgoingHttpHeaders & { etag: string },
	{ key, path, hash }: Asked,
	{ sources }: StandardJson,
): void {
	const file = Object.hasOwn(sources, path) ? sources[path] : undefined;
	if (!file) {
		const message = `This source has no file of that name; ${filesUrl(key, hash)} lists those it has.`;
		sendError(exchange, 404, { code: 'NO_SUCH_FILE', message });
		return;
	}
	if (!file.content.isWellFormed()) {
		const message = `The file ${JSON.stringify(path.slice(0, 200))} has lone surrogates, which UTF-8 cannot hold; ${standardJsonUrl(key, hash)} has it exactly.`;
		sendError(exchange, 409, { code: 'NOT_UTF8', message });
		return;
	}
	if (sentNotModified(exchange, headers)) return;
	const type = /\.json$/i.test(path) ? json : { 'content-type': 'text/plain; charset=utf-8' };
	// Sources are written by strangers and must never run in a browser.
	const inert = { 'content-security-policy': "sandbox; default-src 'none'" };
	send(exchange, 200, { ...headers, ...type, ...inert }, file.content);
}
