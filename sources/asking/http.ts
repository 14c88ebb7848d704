import { TaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';
import type { ExchangeOnlooker } from '../../domain/ports.ts';
import { failureWith, UpstreamFailure } from '../failure.ts';
import { readBody } from './body.ts';

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
 * cannot leak; rejects with the signal's reason when the signal fires.
 */
export async function get(
	url: URL,
	limits: HttpLimits,
	signal: AbortSignal,
	onlooker?: ExchangeOnlooker,
): Promise<HttpAnswer> {
	const bounded = timeout(limits.timeoutMs, TimeoutStrategy.Aggressive);
	try {
		signal.throwIfAborted();
		onlooker?.asks(url);
		return await bounded.execute(
			({ signal: stop }) => exchange(url, limits, stop, onlooker),
			signal,
		);
	} catch (error) {
		if (error instanceof UpstreamFailure) throw error;
		if (signal.aborted && !isTimeout(signal.reason)) throw signal.reason;
		const late = error instanceof TaskCancelledError || signal.aborted;
		throw trouble(url.host, late ? 'ETIMEDOUT' : codeOf(error));
	}
}

async function exchange(
	url: URL,
	limits: HttpLimits,
	signal: AbortSignal,
	onlooker: ExchangeOnlooker | undefined,
): Promise<HttpAnswer> {
	const response = await fetch(url, {
		redirect: 'manual',
		signal,
		headers: { accept: 'application/json', 'user-agent': 'verifeed' },
	});
	onlooker?.answered(response.status);
	const body = await readBody(response, limits.maxBytes, url.host);
	return { status: response.status, headers: response.headers, body };
}

/**
 * Makes one request that nobody waits for, so that the first real one is as fast as all others: calls
 * that keep to a pace must not leave late.
 */
export async function prepareHttp(url: string): Promise<void> {
	const response = await fetch(url).catch(() => null);
	await response?.body?.cancel();
}

const troubles: [RegExp, (host: string) => string][] = [
	[/^(ENOTFOUND|EAI_)/, (host) => `The name ${host} could not be looked up.`],
	[/^ECONNREFUSED$/, (host) => `${host} refused the connection.`],
	[/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_)/, (host) => `${host} broke the connection off.`],
	[/^UND_ERR_HEADERS_OVERFLOW$/, (host) => `${host} sent more headers than this server reads.`],
	[/TIMEDOUT|TIMEOUT/, (host) => `${host} did not answer in time.`],
	[/TLS|SSL|CERT|EPROTO|^UNABLE_TO_/, (host) => `No secure connection to ${host} could be made.`],
	[/^(Z_|ERR_.*BROTLI|ERR_PADDING)/, (host) => `${host} sent a body that cannot be decompressed.`],
];

function trouble(host: string, code: string): UpstreamFailure {
	const sentence = troubles.find(([match]) => match.test(code))?.[1];
	const message = sentence?.(host) ?? `${host} could not be reached.`;
	// The code alone: fetch's own errors can hold the URL or parts of the answer.
	const cause = new Error(code);
	return failureWith('NETWORK', message, { cause });
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
