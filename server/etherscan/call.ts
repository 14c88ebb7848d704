import type { IncomingMessage } from 'node:http';
import { addressOrNull } from '../../domain/address.ts';
import type { Chains } from '../../domain/chain.ts';
import type { ContractKey } from '../../domain/contract.ts';
import { chainListPath, refusals } from '../../sources/etherscan/format.ts';

export type Call =
	| { action: 'getsourcecode' | 'getabi'; key: ContractKey }
	| { action: 'getcontractcreation'; keys: readonly ContractKey[] };

/** As many as Etherscan takes at once. */
const mostCreations = 5;

/** Reads a call, or says what is wrong with it in Etherscan's words and in its order of looking. */
export function readCall(parameter: Parameters, chains: Chains): Call | { refusal: string } {
	const chainId = parameter('chainid') ?? '1';
	if (!/^[1-9]\d{0,14}$/.test(chainId) || !chains.get(Number(chainId))) {
		return { refusal: refusals.chain };
	}
	if (parameter('module')?.toLowerCase() !== 'contract') return { refusal: refusals.module };
	const action = parameter('action')?.toLowerCase();
	if (action === 'getcontractcreation') {
		const texts = (parameter('contractaddresses') ?? '').split(',', mostCreations + 1);
		const keys = texts.flatMap((text) => keyOf(chainId, text.trim()) ?? []);
		const isRefused = keys.length < texts.length || keys.length > mostCreations;
		return isRefused ? { refusal: refusals.address } : { action, keys };
	}
	if (action !== 'getsourcecode' && action !== 'getabi') return { refusal: refusals.action };
	const key = keyOf(chainId, parameter('address') ?? '');
	return key ? { action, key } : { refusal: refusals.address };
}

/** Any case, whatever its checksum says: so does Etherscan. */
function keyOf(chainId: string, text: string): ContractKey | null {
	const address = /^0x/i.test(text) ? addressOrNull(text) : null;
	return address && { chainId: Number(chainId), address };
}

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

export type Route = 'api' | 'chain-list';

/** What of Etherscan's a URL names, or null. */
export function etherscanRoute(url = ''): Route | null {
	const path = url.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0];
	if (path === chainListPath) return 'chain-list';
	return /^(?:\/v2)?\/api\/?$/.test(path ?? '') ? 'api' : null;
}
