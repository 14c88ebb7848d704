import { TaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';
import { UpstreamFailure } from './failure.ts';

export interface HttpLimits {
	/** For the whole exchange, to the last byte of the body. */
	timeoutMs: number;
	/** Bytes of the body after decompression. */
	maxBytes: number;
}

export interface HttpAnswer {
	status: number;
	headers: Headers;
	body: string;
}

/**
 * One bounded GET. Redirects are not followed, they are the answer. Every failure of the network, and
 * every body that cannot be read, is an `UpstreamFailure` that holds no URL, so that a key in a query
 * cannot leak; rejects with the signal's reason when the signal fires. `answered` is called before the
 * body is read.
 */
export async function get(
	url: URL,
	limits: HttpLimits,
	signal: AbortSignal,
	answered?: (status: number) => void,
): Promise<HttpAnswer> {
	const bounded = timeout(limits.timeoutMs, TimeoutStrategy.Aggressive);
	try {
		signal.throwIfAborted();
		return await bounded.execute(async ({ signal }) => {
			const response = await fetch(url, {
				redirect: 'manual',
				signal,
				headers: { accept: 'application/json', 'user-agent': 'verifeed' },
			});
			const { status, headers } = response;
			answered?.(status);
			return { status, headers, body: await readBody(response, limits.maxBytes, url.host) };
		}, signal);
	} catch (error) {
		if (error instanceof UpstreamFailure) throw error;
		if (signal.aborted && !isTimeout(signal.reason)) throw signal.reason;
		const late = error instanceof TaskCancelledError || signal.aborted;
		throw networkFailure(url.host, late ? 'ETIMEDOUT' : codeOf(error));
	}
}

/**
 * Makes one request that nobody waits for, so that the first real one is as fast as all others: calls
 * that keep to a rate must not leave late.
 */
export async function prepareHttp(url: string): Promise<void> {
	const response = await fetch(url).catch(() => null);
	await response?.body?.cancel();
}

/** The URL of an upstream from the settings. Throws without repeating it, as it may hold a password. */
export function endpointOf(text: string, upstream: string): URL {
	const url = URL.parse(text.trim());
	if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
		throw new Error(
			`the URL of ${upstream} has to be a URL with http(s) and without a user or password`,
		);
	}
	url.hash = '';
	return url;
}

/** A path below an endpoint, whose own path and query stay. */
export function pathBelow(endpoint: URL, path: string): URL {
	const url = new URL(endpoint);
	url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
	return url;
}

const sentences: [RegExp, (host: string) => string][] = [
	[/^(ENOTFOUND|EAI_)/, (host) => `The name ${host} could not be looked up.`],
	[/^ECONNREFUSED$/, (host) => `${host} refused the connection.`],
	[/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_)/, (host) => `${host} broke the connection off.`],
	[/^UND_ERR_HEADERS_OVERFLOW$/, (host) => `${host} sent more headers than this server reads.`],
	[/TIMEDOUT|TIMEOUT/, (host) => `${host} did not answer in time.`],
	[/TLS|SSL|CERT|EPROTO|^UNABLE_TO_/, (host) => `No secure connection to ${host} could be made.`],
	[/^(Z_|ERR_.*BROTLI|ERR_PADDING)/, (host) => `${host} sent a body that cannot be decompressed.`],
];

function networkFailure(host: string, code: string): UpstreamFailure {
	const sentence = sentences.find(([match]) => match.test(code))?.[1];
	const message = sentence?.(host) ?? `${host} could not be reached.`;
	// The code alone: fetch's own errors can hold the URL or parts of the answer.
	const cause = new Error(code);
	return new UpstreamFailure('NETWORK', message, { cause });
}

/** The deepest code that an error of fetch carries. */
function codeOf(error: unknown): string {
	let code = 'UNKNOWN';
	let next = error;
	for (let depth = 0; next instanceof Error && depth < 5; depth += 1) {
		if ('code' in next && typeof next.code === 'string') code = next.code;
		next = next.cause;
	}
	return code;
}

function isTimeout(reason: unknown): boolean {
	return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** More than any error page needs; the rest of one is not read. */
const errorPageBytes = 64 * 1024;

/**
 * The text of a body, of which `maxBytes` are read at most, counted after decompression. A good answer
 * is exactly what was sent, save a byte order mark before it, or an `UpstreamFailure`; of an error
 * page the rest is cut, and bytes that are not UTF-8 are replaced.
 */
async function readBody(response: Response, maxBytes: number, host: string): Promise<string> {
	const limit = response.ok ? maxBytes : Math.min(maxBytes, errorPageBytes);
	// One buffer: a chunk may be as small as a byte, and millions of them would cost far more.
	let bytes: Uint8Array = new Uint8Array();
	let size = 0;
	// Leaving the loop cancels the stream, and with it the connection.
	for await (const chunk of response.body ?? []) {
		if (size + chunk.byteLength > limit && response.ok) throw tooLarge(host, maxBytes);
		bytes = withRoom(bytes, size, size + chunk.byteLength);
		bytes.set(chunk, size);
		size += chunk.byteLength;
		if (size > limit) break;
	}
	const body = bytes.subarray(0, size);
	return response.ok ? exactText(body, host) : new TextDecoder().decode(body);
}

function withRoom(bytes: Uint8Array, used: number, needed: number): Uint8Array {
	if (needed <= bytes.length) return bytes;
	const larger = Buffer.allocUnsafe(Math.max(needed, bytes.length * 2));
	larger.set(bytes.subarray(0, used));
	return larger;
}

function exactText(bytes: Uint8Array, host: string): string {
	const decoder = new TextDecoder('utf-8', { fatal: true });
	try {
		const text = decoder.decode(bytes, { stream: true });
		return text + endOf(decoder, host);
	} catch (error) {
		if (error instanceof UpstreamFailure) throw error;
		throw new UpstreamFailure('MALFORMED', `The answer of ${host} is not text in UTF-8.`);
	}
}

/** Throws where a character lacks its end, and with it the body. */
function endOf(decoder: TextDecoder, host: string): string {
	try {
		return decoder.decode();
	} catch {
		throw new UpstreamFailure('TRANSIENT', `The answer of ${host} ends within a character.`);
	}
}

function tooLarge(host: string, maxBytes: number): UpstreamFailure {
	const message = `The answer of ${host} is larger than the ${maxBytes} bytes that this server reads.`;
	return new UpstreamFailure('TOO_LARGE', message);
}
