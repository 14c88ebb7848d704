import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Address } from '../../domain/address.ts';
import type { Contract } from '../../domain/contract.ts';
import type { ContractErrorCode } from '../../domain/errors.ts';
import type { SourceDescription } from '../../domain/source.ts';
import { notOkBody, okBody, refusals } from '../../sources/etherscan/format.ts';
import { type Exchange, json, send } from '../http-answer.ts';

/** What a contract, as it stands, is to a client of Etherscan's API. */
type Outcome =
	| { kind: 'source'; source: SourceDescription }
	| { kind: 'not-verified'; implementation: Address | null }
	/** It may come: worth asking again after `seconds`. */
	| { kind: 'busy'; why: string; seconds: number }
	/** It will not come as things are; `text` says so. */
	| { kind: 'failed'; text: string };

export function outcomeOf(contract: Contract): Outcome {
	if (contract.source) return { kind: 'source', source: contract.source };
	if (contract.status === 'ERROR' && contract.error) {
		const { code, message } = contract.error;
		if (code === 'NOT_VERIFIED') {
			return { kind: 'not-verified', implementation: contract.proxy?.implementations[0] ?? null };
		}
		return kinds[code](message);
	}
	const { nextAttemptAt } = contract;
	const seconds = nextAttemptAt ? Math.ceil((nextAttemptAt.getTime() - Date.now()) / 1000) : 1;
	return { kind: 'busy', why: underWay, seconds: Math.max(1, seconds) };
}

const underWay = 'The source code of this contract is being fetched.';
const retrySeconds = 10;

/** What a busy answer says: our own words, for an upstream's might be read as "not verified". */
function busy(why: string): Outcome {
	return { kind: 'busy', why, seconds: retrySeconds };
}

const kinds = {
	UNSUPPORTED_CHAIN: () => ({ kind: 'failed', text: refusals.chain }),
	MALFORMED_RESPONSE: (message) => ({ kind: 'failed', text: failedText(message) }),
	SOURCE_TOO_LARGE: (message) => ({ kind: 'failed', text: failedText(message) }),
	QUOTA_EXHAUSTED: () => busy('The quota of this server is spent; it is given anew.'),
	UPSTREAM_UNAVAILABLE: () => busy('Where this server has its sources from is not available.'),
	INVALID_API_KEY: () => busy('This server may not ask where it has its sources from.'),
	INTERNAL: () => busy('This server failed to fetch the source code.'),
} as const satisfies Record<
	Exclude<ContractErrorCode, 'NOT_VERIFIED'>,
	(message: string) => Outcome
>;

const headers = { ...json, 'cache-control': 'no-store' };

export function sendOk(exchange: Exchange, result: unknown): void {
	sendJson(exchange, okBody(result));
}

/** A refusal, with HTTP 200 as Etherscan gives it. */
export function sendNotOk(
	exchange: Exchange,
	result: string,
	more: OutgoingHttpHeaders = {},
	status = 200,
): void {
	send(exchange, status, { ...headers, ...more }, JSON.stringify(notOkBody(result)));
}

/** Asks for patience, with the text that makes most tools ask again. */
export function sendBusy(exchange: Exchange, why: string, seconds: number): void {
	sendNotOk(exchange, busyText(why), { 'retry-after': String(seconds) });
}

/** A body outside the envelope. */
export function sendJson(exchange: Exchange, value: unknown): void {
	send(exchange, 200, headers, JSON.stringify(value));
}

/**
 * What to say of a source that may come later. Foundry looks for the first four words at the start,
 * ethers and sol2uml for "rate limit" anywhere: no other text is retried by as many tools.
 */
export function busyText(why: string): string {
	return `Max rate limit reached, please try again later. ${why}`;
}

/** What to say of a source that will not come; neither worth a retry nor "not verified". */
export function failedText(why: string): string {
	return `Error! ${why}`;
}

/** How the client reached this server, through a proxy that ends TLS too; '' where it does not say. */
export function baseUrl({ headers }: IncomingMessage): string {
	const { host = '' } = headers;
	if (!/^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i.test(host)) return '';
	return `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${host}`;
}
