import { z } from 'zod';
import type { Chain } from '../../domain/chain.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { call } from '../call.ts';
import { policyOf, UpstreamFailure } from '../failure.ts';
import type { HttpAnswer, HttpLimits } from '../http.ts';
import { parseJson } from '../reading/values.ts';
import { classOfStatus } from '../refusal.ts';
import { chainListPath } from './format.ts';

/** Etherscan's list of chains, on the same server as its API; it asks for no key. */
export function chainListUrl(etherscanUrl: string): URL {
	return new URL(chainListPath, new URL(etherscanUrl).origin);
}

/** The name under which the list is kept; null where Etherscan is not among the sources. */
export function chainListOrigin(config: {
	SOURCES?: readonly string[] | undefined;
	ETHERSCAN_URL: string;
}): string | null {
	const asked = config.SOURCES?.includes('etherscan') ?? true;
	// Without the port, which is another one each time that a bundled upstream starts.
	return asked ? chainListUrl(config.ETHERSCAN_URL).hostname : null;
}

/** One call. Rejects with an `UpstreamFailure` for everything that is no list of chains. */
export function fetchChainList(
	url: URL,
	limits: HttpLimits,
	emit: Emit,
	stop: AbortSignal,
): Promise<Chain[]> {
	const read = ({ status, body }: HttpAnswer) => {
		const failed = classOfStatus(status);
		if (!failed) return readChainList(body);
		throw new UpstreamFailure(failed, `${policyOf(failed).sentence(url.host)} (HTTP ${status})`);
	};
	return call({ upstream: 'ETHERSCAN', endpoint: 'chainlist', url, limits, read }, emit, stop);
}

const list = z.object({ result: z.array(z.unknown()).min(1) });

// GraphQL's Int ends there.
const greatestId = 2 ** 31 - 1;

const row = z.object({
	chainid: z
		.union([z.string(), z.number()])
		.transform((id) => String(id).trim())
		.pipe(z.string().regex(/^[1-9]\d{0,9}$/))
		.transform(Number)
		.pipe(z.number().max(greatestId)),
	chainname: z.string().transform(oneLine).pipe(z.string().min(1)),
	blockexplorer: z.unknown().transform(explorerOrNull),
});

/**
 * Reads `{ result: [{ chainid, chainname, blockexplorer, … }] }`. Rows that cannot be read are left out,
 * of two with one id the first is taken. Throws an `UpstreamFailure` when most rows cannot be read.
 */
export function readChainList(body: string): Chain[] {
	const parsed = list.safeParse(parseJson(body));
	if (!parsed.success) throw noList('it is of another form');
	const { result } = parsed.data;
	const rows = result.flatMap((value) => row.safeParse(value).data ?? []);
	if (rows.length * 2 < result.length) throw noList('most of its rows cannot be read');
	const chains = new Map<number, Chain>();
	for (const { chainid: id, chainname: name, blockexplorer: explorerUrl } of rows) {
		if (!chains.has(id)) chains.set(id, { id, name, explorerUrl });
	}
	return [...chains.values()];
}

function noList(why: string) {
	return new UpstreamFailure('MALFORMED', `The answer is not a list of chains: ${why}.`);
}

/** A name as it can stand in a sentence. */
function oneLine(name: string): string {
	return name
		.replace(/[\s\p{C}]+/gu, ' ')
		.trim()
		.slice(0, 100)
		.trim()
		.toWellFormed();
}

/** Without a last slash, as paths are appended. */
function explorerOrNull(value: unknown): string | null {
	const url = typeof value === 'string' && value.length <= 500 ? URL.parse(value.trim()) : null;
	if (!url || !/^https?:$/.test(url.protocol)) return null;
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
