import type { ContractKey } from '../domain/contract.ts';
import type { UpstreamEndpoint } from '../domain/ports.ts';
import type { FetchedSource } from '../domain/source.ts';
import type { Emit } from '../domain/telemetry.ts';
import type { Provider, UpstreamName } from '../domain/upstreams.ts';
import { outcomeOf } from './failure.ts';
import { get, type HttpAnswer, type HttpLimits } from './http.ts';

/**
 * One upstream, as its own folder knows it: how to ask, and how to read the answer. Turns, keys, the
 * breaker and the next upstream are the same for all, and not its business.
 */
export interface SourceClient {
	readonly name: UpstreamName;
	serves(chainId: number): boolean;
	/** Where a source is asked for; without a key in it for null. Throws an `UpstreamFailure`. */
	url(contract: ContractKey, apiKey: string | null): URL;
	/**
	 * Reads an answer. Throws an `UpstreamFailure` for every other than a source that can be stored, with
	 * no key and no URL in it.
	 */
	read(answer: HttpAnswer, contract: ContractKey): FetchedSource;
}

/** What the client of every upstream is made with. */
export interface ClientOptions {
	url: string;
	/** Every key there is: none of them may stay in a text of the upstream. */
	secrets: readonly string[];
	/** Bytes of all files of a source together. */
	maxSourceBytes: number;
}

export interface Call<T> {
	upstream: Provider;
	endpoint: UpstreamEndpoint;
	url: URL;
	limits: HttpLimits;
	/** Makes something of the answer, or throws. */
	read: (answer: HttpAnswer) => T;
}

/**
 * One HTTP exchange, to what was made of its answer; emits it. Rejects with an `UpstreamFailure` for
 * everything that is understood, and with the signal's reason when the signal fires.
 */
export async function call<T>(
	{ upstream, endpoint, url, limits, read }: Call<T>,
	emit: Emit,
	signal: AbortSignal,
): Promise<T> {
	const started = performance.now();
	let status: number | null = null;
	const ended = (error?: unknown) => {
		const seconds = (performance.now() - started) / 1_000;
		const outcome = error === undefined ? 'ok' : outcomeOf(error);
		// A key may stand in the query.
		const to = `${url.origin}${url.pathname}`;
		emit({ type: 'upstream.called', upstream, endpoint, outcome, seconds, url: to, status, error });
	};
	try {
		const result = read(await get(url, limits, signal, (answered) => (status = answered)));
		ended();
		return result;
	} catch (error) {
		ended(error);
		throw error;
	}
}
