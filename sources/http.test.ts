import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { SourceError } from '../domain/errors.ts';
import { rejection, serve } from '../test/harness/http-server.ts';
import { outcomeOf } from './failure.ts';
import { get, type HttpLimits } from './http.ts';

const limits: HttpLimits = { timeoutMs: 20_000, maxBytes: 100_000 };
const never = new AbortController().signal;

/** Writes without end, as fast as the reader takes it. */
const endless: RequestListener = (_request, response) => {
	const write = () => {
		while (!response.destroyed && response.write('x'.repeat(16_384)));
	};
	response.on('drain', write);
	write();
};

async function failing(listener: RequestListener, changes: Partial<HttpLimits> = {}) {
	await using server = await serve(listener);
	const url = new URL(`${server.url}?apikey=SECRET`);
	const error = await rejection(get(url, { ...limits, ...changes }, never));
	if (!(error instanceof SourceError)) throw error;
	expect(error.stack).not.toContain('SECRET');
	return { error, host: server.host };
}

describe('an answer', () => {
	test('comes with its status, headers and text', async () => {
		await using server = await serve((_request, response) => {
			response.writeHead(418, { 'retry-after': '7' }).end('{"naïve":"✓"}');
		});
		const answer = await get(new URL(server.url), limits, never);
		expect(answer.status).toBe(418);
		expect(answer.headers.get('retry-after')).toBe('7');
		expect(answer.body).toBe('{"naïve":"✓"}');
	});

	test('is decompressed', async () => {
		await using server = await serve((_request, response) => {
			response.setHeader('content-encoding', 'gzip').end(gzipSync('packed'));
		});
		expect((await get(new URL(server.url), limits, never)).body).toBe('packed');
	});

	test('with a character split over two packets stays whole', async () => {
		const bytes = Buffer.from('a€b');
		await using server = await serve((_request, response) => {
			response.write(bytes.subarray(0, 2), () => response.end(bytes.subarray(2)));
		});
		expect((await get(new URL(server.url), limits, never)).body).toBe('a€b');
	});

	test('may be exactly as large as the limit', async () => {
		await using server = await serve((_request, response) => response.end('x'.repeat(1000)));
		const answer = await get(new URL(server.url), { ...limits, maxBytes: 1000 }, never);
		expect(answer.body).toHaveLength(1000);
	});

	test.each([301, 302, 303, 307, 308])(
		'that redirects with %d is never followed',
		async (status) => {
			let asked = 0;
			await using target = await serve((_request, response) => {
				asked += 1;
				response.end();
			});
			await using server = await serve((_request, response) => {
				response.writeHead(status, { location: target.url }).end('moved');
			});
			expect(await get(new URL(server.url), limits, never)).toMatchObject({
				status,
				body: 'moved',
			});
			expect(asked).toBe(0);
		},
	);

	test.each([204, 304])('of HTTP %d has no body', async (status) => {
		await using server = await serve((_request, response) => response.writeHead(status).end());
		expect(await get(new URL(server.url), limits, never)).toMatchObject({ status, body: '' });
	});

	test('is the one that counts, not an early hint before it', async () => {
		await using server = await serve((_request, response) => {
			response.writeEarlyHints({ link: '</style.css>; rel=preload' });
			response.end('{}');
		});
		expect(await get(new URL(server.url), limits, never)).toMatchObject({
			status: 200,
			body: '{}',
		});
	});

	test('that is an error page without end is cut, not refused', async () => {
		await using server = await serve((request, response) => {
			response.statusCode = 500;
			endless(request, response);
		});
		const answer = await get(new URL(server.url), limits, never);
		expect(answer.status).toBe(500);
		expect(answer.body).toMatch(/^x+$/);
	});
});

describe('a body over the limit', () => {
	const tooLarge = { code: 'SOURCE_TOO_LARGE', followUp: { kind: 'final' }, retryable: false };

	test('is refused while it streams, even when it never ends', async () => {
		const { error } = await failing(endless);
		expect(error).toMatchObject(tooLarge);
	});

	test('is measured after decompression', async () => {
		const bomb = gzipSync(Buffer.alloc(50_000_000));
		const { error } = await failing((_request, response) => {
			response.setHeader('content-encoding', 'gzip').end(bomb);
		});
		expect(bomb.length).toBeLessThan(limits.maxBytes);
		expect(error).toMatchObject(tooLarge);
	});
});

describe('network trouble is tried again', () => {
	const tryAgain = {
		code: 'UPSTREAM_UNAVAILABLE',
		followUp: { kind: 'back-off' },
		retryable: true,
	};

	test('when the server never answers', async () => {
		const { error, host } = await failing(() => {}, { timeoutMs: 50 });
		expect(error).toMatchObject({ ...tryAgain, message: `${host} did not answer in time.` });
	});

	test('when the server stops in mid-body', async () => {
		const { error, host } = await failing((_request, response) => response.write('{"status"'), {
			timeoutMs: 200,
		});
		expect(error).toMatchObject({ ...tryAgain, message: `${host} did not answer in time.` });
	});

	test('when the server drips, for the time counts to the last byte', async () => {
		const { error, host } = await failing(
			(_request, response) => {
				const drip = setInterval(() => response.write(' '), 5);
				response.on('close', () => clearInterval(drip));
			},
			{ timeoutMs: 200 },
		);
		expect(error).toMatchObject({ ...tryAgain, message: `${host} did not answer in time.` });
	});

	test('when an error page drips', async () => {
		const { error } = await failing(
			(_request, response) => {
				response.statusCode = 500;
				const drip = setInterval(() => response.write(' '), 5);
				response.on('close', () => clearInterval(drip));
			},
			{ timeoutMs: 200 },
		);
		expect(error).toMatchObject(tryAgain);
	});

	test('when there are headers without end', async () => {
		const { error, host } = await failing((request) => {
			request.socket.write('HTTP/1.1 200 OK\r\n');
			const line = `x: ${'x'.repeat(8000)}\r\n`;
			const write = () => {
				while (request.socket.writable && request.socket.write(line));
			};
			request.socket.on('drain', write).on('error', () => {});
			write();
		});
		const message = `${host} sent more headers than this server reads.`;
		expect(error).toMatchObject({ ...tryAgain, message });
	});

	test.each([
		['the greeting of another protocol', '220 mail.example ESMTP\r\n'],
		['bytes of TLS', '\u0015\u0003\u0001\u0000\u0002\u0002\u0046'],
		['an odd header', 'HTTP/1.1 200 OK\r\nx y: 1\r\n\r\n'],
		['an odd length', 'HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n'],
		['an odd chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
	])('when what answers is not HTTP: %s', async (_what, bytes) => {
		const { error, host } = await failing((request) => {
			request.socket.end(bytes);
		});
		const message = `${host} answered with something that is not HTTP.`;
		expect(error).toMatchObject({ ...tryAgain, message });
		expect(outcomeOf(error)).toBe('invalid');
	});

	test('when the connection is reset before the answer', async () => {
		const { error, host } = await failing((request) => request.socket.resetAndDestroy());
		expect(error).toMatchObject({ ...tryAgain, message: `${host} broke the connection off.` });
	});

	test('when the connection is reset in mid-body', async () => {
		const { error, host } = await failing((request, response) => {
			response.write('{"status"', () => request.socket.resetAndDestroy());
		});
		expect(error).toMatchObject({ ...tryAgain, message: `${host} broke the connection off.` });
	});

	test('when the connection is reset in the midst of a compressed body', async () => {
		const { error, host } = await failing((request, response) => {
			response.setHeader('content-encoding', 'gzip');
			response.write(gzipSync('{"status"'), () => request.socket.resetAndDestroy());
		});
		expect(error).toMatchObject({ ...tryAgain, message: `${host} broke the connection off.` });
	});

	test('when the answer is shorter than announced', async () => {
		const { error } = await failing((request, response) => {
			response.writeHead(200, { 'content-length': 1000 });
			response.write('short', () => request.socket.end());
		});
		expect(error).toMatchObject(tryAgain);
	});

	test('when the body cannot be decompressed', async () => {
		const { error } = await failing((_request, response) => {
			response.setHeader('content-encoding', 'gzip').end('not gzip at all');
		});
		expect(error).toMatchObject(tryAgain);
		expect(error.message).toMatch(/cannot be decompressed/);
	});

	test('when what answers does not speak HTTP or TLS', async () => {
		await using server = await serve((_request, response) => response.end());
		const error = await rejection(get(new URL(`https://${server.host}/`), limits, never));
		expect(error).toMatchObject({
			...tryAgain,
			message: `No secure connection to ${server.host} could be made.`,
		});
	});

	test('when nobody listens', async () => {
		const server = await serve(() => {});
		await server[Symbol.asyncDispose]();
		const error = await rejection(get(new URL(server.url), limits, never));
		expect(error).toMatchObject({
			...tryAgain,
			message: `${server.host} refused the connection.`,
		});
	});

	test('when the name does not exist', async () => {
		// A label this long is refused before any name server is asked.
		const host = `${'a'.repeat(64)}.invalid`;
		const error = await rejection(get(new URL(`http://${host}/`), limits, never));
		expect(error).toMatchObject({
			...tryAgain,
			message: `The name ${host} could not be looked up.`,
		});
	});
});

describe('the signal', () => {
	test('ends a request under way with its reason', async () => {
		const controller = new AbortController();
		const reason = new Error('the worker stops');
		const hung = Promise.withResolvers<void>();
		await using server = await serve((request) => {
			request.on('close', () => hung.resolve());
			controller.abort(reason);
		});
		const error = await rejection(get(new URL(server.url), limits, controller.signal));
		expect(error).toBe(reason);
		await hung.promise;
	});

	test('that has fired already lets no request out', async () => {
		let asked = 0;
		await using server = await serve((_request, response) => {
			asked += 1;
			response.end();
		});
		const error = await rejection(get(new URL(server.url), limits, AbortSignal.abort()));
		expect(error).toMatchObject({ name: 'AbortError' });
		expect(asked).toBe(0);
	});

	test('of a time-out is a failure of the upstream', async () => {
		await using server = await serve(() => {});
		const error = await rejection(get(new URL(server.url), limits, AbortSignal.timeout(20)));
		expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
	});
});
