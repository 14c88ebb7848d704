import type { RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rejection, serve } from '../test/harness/http-server.ts';
import { UpstreamFailure } from './failure.ts';
import { get, type HttpLimits } from './http.ts';

const limits: HttpLimits = { timeoutMs: 20_000, maxBytes: 100_000 };
const never = new AbortController().signal;

async function bodyOf(listener: RequestListener, changes: Partial<HttpLimits> = {}) {
	await using server = await serve(listener);
	return (await get(new URL(server.url), { ...limits, ...changes }, never)).body;
}

/** The failure, once the server has seen that nobody reads on. */
async function failureOf(
	answer: (response: ServerResponse) => void,
	changes: Partial<HttpLimits> = {},
) {
	const closed = Promise.withResolvers<boolean>();
	await using server = await serve((_request, response) => {
		response.on('close', () => closed.resolve(response.writableFinished));
		response.on('error', () => {});
		answer(response);
	});
	const error = await rejection(get(new URL(server.url), { ...limits, ...changes }, never));
	if (!(error instanceof UpstreamFailure)) throw error;
	return { class: error.class, message: error.message, finished: await closed.promise };
}

const notUtf8: [string, number[]][] = [
	['Latin-1', [...Buffer.from('{"a":"na\u00efve"}', 'latin1')]],
	['UTF-16', [0xff, 0xfe, ...Buffer.from('{"a":"b"}', 'utf16le')]],
	['a byte that never occurs', [0x7b, 0xff, 0x7d]],
	['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
	['half of a surrogate pair', [0x22, 0xed, 0xa0, 0x80, 0x22]],
	['a code point beyond the last', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
	['a character without its end', [0x22, 0xe2, 0x82, 0x22]],
];

describe('bytes that are not UTF-8', () => {
	test.each(notUtf8)('%s: are refused, never changed', async (_what, bytes) => {
		const failure = await failureOf((response) => response.end(Buffer.from(bytes)));
		expect(failure.class).toBe('MALFORMED');
		expect(failure.message).toMatch(/^The answer of 127\.0\.0\.1:\d+ is not text in UTF-8\.$/);
	});

	test.each(notUtf8)('%s: do no harm in an error page', async (_what, bytes) => {
		const body = await bodyOf((_request, response) => {
			response.writeHead(502).end(Buffer.from(bytes));
		});
		expect(body).toContain('\uFFFD');
	});

	test('are distinguished from a body that was cut within a character', async () => {
		const cut = Buffer.from('{"a":"\u20ac').subarray(0, -1);
		const failure = await failureOf((response) => response.end(cut));
		expect(failure).toMatchObject({ class: 'TRANSIENT', message: /ends within a character/ });
	});
});

describe('a text comes as it was sent', () => {
	test.each([
		['CRLF, CR, tabs and blanks at the end', 'a\r\nb\rc\t \n\n '],
		['NUL and other control characters', 'a\u0000b\u0001\u0008\u007f'],
		['zero-width, right-to-left and unusual separators', '\u200b\u202e\u2060\u2028\u2029\u0085'],
		['the replacement character itself', '\uFFFD'],
		['characters beyond the first plane', '\u{1f600}\u{10ffff}'],
		['composed and decomposed letters', '\u00e9 e\u0301'],
		['a byte order mark inside', 'a\uFEFFb\uFEFF'],
		['nothing', ''],
	])('%s', async (_what, text) => {
		expect(await bodyOf((_request, response) => response.end(text))).toBe(text);
	});

	test('save a byte order mark before it, which JSON does not allow', async () => {
		const text = await bodyOf((_request, response) => response.end('\uFEFF{"a":"\uFEFF"}'));
		expect(JSON.parse(text)).toEqual({ a: '\uFEFF' });
	});

	test('whatever content type it is said to have', async () => {
		const body = await bodyOf((_request, response) => {
			response.setHeader('content-type', 'text/html; charset=iso-8859-1').end('{"a":"\u20ac"}');
		});
		expect(body).toBe('{"a":"\u20ac"}');
	});

	test('in chunks of one byte each', async () => {
		const text = '\u20ac\u{1f600}x\r\n'.repeat(500);
		const body = await bodyOf((_request, response) => {
			for (const byte of Buffer.from(text)) response.write(Buffer.from([byte]));
			response.end();
		});
		expect(body).toBe(text);
	});

	test('whatever it is and however it is cut', async () => {
		let parts: Uint8Array[] = [];
		await using server = await serve((_request, response) => {
			for (const part of parts) response.write(part);
			response.end();
		});
		const wellFormed = fc.string({ unit: 'binary', maxLength: 300 });
		await fc.assert(
			fc.asyncProperty(wellFormed, fc.array(fc.nat(400), { maxLength: 5 }), async (text, cuts) => {
				const bytes = Buffer.from(`>${text}`);
				const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
				parts = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
				expect((await get(new URL(server.url), limits, never)).body).toBe(`>${text}`);
			}),
		);
	});
});

describe('a body over the limit is left before its end', () => {
	const zeros = () => Readable.from(endlessly(Buffer.alloc(65_536)));
	function* endlessly(chunk: Buffer) {
		for (;;) yield chunk;
	}
	const tooLarge = { class: 'TOO_LARGE', finished: false };

	test('of 100 MB with its length announced', async () => {
		const failure = await failureOf((response) => {
			response.writeHead(200, { 'content-length': 100_000_000 });
			zeros().pipe(response);
		});
		expect(failure).toMatchObject(tooLarge);
	});

	test('that is compressed and never ends', async () => {
		const failure = await failureOf((response) => {
			response.setHeader('content-encoding', 'gzip');
			zeros().pipe(createGzip()).pipe(response);
		});
		expect(failure).toMatchObject(tooLarge);
	});

	test('that is compressed twice', async () => {
		const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)));
		const failure = await failureOf((response) => {
			response.setHeader('content-encoding', 'gzip, gzip').end(bomb);
		});
		expect(bomb.length).toBeLessThan(10_000);
		expect(failure.class).toBe('TOO_LARGE');
	});

	test('by one byte', async () => {
		const failure = await failureOf((response) => response.end('x'.repeat(11)), { maxBytes: 10 });
		expect(failure).toMatchObject({ class: 'TOO_LARGE', message: /10 bytes/ });
	});

	test('of an error page that is compressed and never ends: what was read is the page', async () => {
		const body = await bodyOf((_request, response) => {
			response.writeHead(503, { 'content-encoding': 'gzip' });
			zeros().pipe(createGzip()).pipe(response);
		});
		expect(body.length).toBeGreaterThanOrEqual(65_536);
		expect(body.length).toBeLessThan(200_000);
	});
});
