import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { acceptEncoding, readBody } from './body.ts';
import { UpstreamFailure } from './failure.ts';

export interface HttpLimits {
	/** For the whole exchange, to the last byte of the body. */
	timeoutMs: number;
	/** Bytes of the body after decompression. */
	maxBytes: number;
}

export interface HttpAnswer {
	status: number;
	headers: Pick<Headers, 'get'>;
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
	let request: ClientRequest | undefined;
	let isLate = false;
	let broken: unknown;
	const end = () => void request?.destroy();
	const timer = setTimeout(() => {
		isLate = true;
		end();
	}, limits.timeoutMs);
	signal.addEventListener('abort', end);
	try {
		signal.throwIfAborted();
		const send = url.protocol === 'https:' ? overHttps : overHttp;
		request = send(url, { headers: requestHeaders });
		// In mid-body it alone says what the answer was; the answer itself is only cut off.
		request.on('error', (error) => {
			broken ??= error;
		});
		const response = await responseTo(request);
		const { statusCode: status = 0, headers } = response;
		answered?.(status);
		const body = await readBody(response, limits.maxBytes, url.host);
		return { status, headers: { get: (name) => textOf(headers[name.toLowerCase()]) }, body };
	} catch (error) {
		request?.destroy();
		if (error instanceof UpstreamFailure) throw error;
		if (signal.aborted && !isTimeout(signal.reason)) throw signal.reason;
		throw networkFailure(
			url.host,
			isLate || signal.aborted ? 'ETIMEDOUT' : codeOf(broken ?? error),
		);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', end);
	}
}

const requestHeaders = {
	accept: 'application/json',
	'accept-encoding': acceptEncoding,
	'user-agent': 'verifeed',
};

/** The head of the answer; its body follows. */
function responseTo(request: ClientRequest): Promise<IncomingMessage> {
	const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
	request.on('response', resolve).on('error', reject).end();
	return promise;
}

function textOf(value: string | string[] | undefined): string | null {
	return value === undefined ? null : [value].flat().join(', ');
}

/**
 * Makes one request that nobody waits for, so that the first real one is as fast as all others: calls
 * that keep to a rate must not leave late.
 */
export async function prepareHttp(url: string): Promise<void> {
	const limits = { timeoutMs: 5_000, maxBytes: 10_000 };
	await get(new URL(url), limits, new AbortController().signal).catch(() => {});
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
	[
		/^(ECONNRESET|EPIPE|HPE_INVALID_EOF_STATE|ERR_STREAM_PREMATURE_CLOSE)$/,
		(host) => `${host} broke the connection off.`,
	],
	[/^HPE_HEADER_OVERFLOW$/, (host) => `${host} sent more headers than this server reads.`],
	[/^HPE_/, (host) => `${host} answered with something that is not HTTP.`],
	[/TIMEDOUT|TIMEOUT/, (host) => `${host} did not answer in time.`],
	[/TLS|SSL|CERT|EPROTO|^UNABLE_TO_/, (host) => `No secure connection to ${host} could be made.`],
	[/^(Z_|ERR_.*BROTLI|ERR_PADDING)/, (host) => `${host} sent a body that cannot be decompressed.`],
];

function networkFailure(host: string, code: string): UpstreamFailure {
	const sentence = sentences.find(([match]) => match.test(code))?.[1];
	const message = sentence?.(host) ?? `${host} could not be reached.`;
	// The code alone: Node's own errors can hold the URL or parts of the answer.
	const cause = new Error(code);
	return new UpstreamFailure('NETWORK', message, { cause });
}

/** The deepest code that an error carries. */
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
