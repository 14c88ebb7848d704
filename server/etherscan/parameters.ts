import type { IncomingMessage } from 'node:http';

/** Reads a parameter, '' for one that is empty, null for one that is absent. */
export type Parameters = (name: string) => string | null;

/**
 * The parameters of a call: of its query first, then of its form where it is posted. Names count in
 * any case, and of a repeated one the first. Null for a form larger than `maxBytes`.
 */
export async function readParameters(
	request: IncomingMessage,
	maxBytes: number,
): Promise<Parameters | null> {
	const { url = '' } = request;
	const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
	const form = request.method === 'POST' ? await readBody(request, maxBytes) : '';
	if (form === null) return null;
	const pairs = [...new URLSearchParams(query), ...new URLSearchParams(form)];
	return (name) => pairs.find(([given]) => given.toLowerCase() === name)?.[1] ?? null;
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		// What is read on after this is only to let the client hear the answer.
		if (size <= maxBytes) chunks.push(chunk);
		else if (size > 8 * maxBytes) break;
	}
	return size > maxBytes ? null : Buffer.concat(chunks).toString();
}
