import type { ContractKey } from '../../domain/contract.ts';
import { createRedact } from '../../domain/redact.ts';
import { get, type HttpLimits } from '../asking/http.ts';
import { failureOf } from '../asking/refusal.ts';
import type { SourceClient } from '../client.ts';
import { failureWith, policyOf } from '../failure.ts';
import { readAnswer } from './answer.ts';
import { readContract } from './contract.ts';
import { type BlockscoutUrl, contractUrl, parseBlockscoutUrl } from './url.ts';

export interface BlockscoutOptions extends HttpLimits {
	/** `https://api.blockscout.com`, or instances by chain: see `parseBlockscoutUrl`. */
	url: string;
	/** Bytes of all files of a source together. */
	maxSourceBytes: number;
}

/**
 * Blockscout: its PRO interface, which needs a key and says itself which chains it does not serve, or
 * instances, which take no key and serve their own chain. Throws what `parseBlockscoutUrl` throws.
 */
export function createBlockscoutClient(options: BlockscoutOptions): SourceClient {
	const at = parseBlockscoutUrl(options.url);

	return {
		provider: 'BLOCKSCOUT',
		name: 'Blockscout',
		serves: (chainId) => at.kind === 'pro' || at.urls.has(chainId),
		async ask(key, apiKey, signal, onlooker) {
			const url = urlFor(at, key, apiKey);
			const redact = createRedact(apiKey === null ? [] : [apiKey]);
			const answer = await get(url, options, signal, onlooker);
			const reading = readAnswer(answer);
			if ('refusal' in reading) throw failureOf(reading.refusal, 'Blockscout', redact);
			const { maxSourceBytes } = options;
			const from = { origin: url.host, address: key.address, maxSourceBytes };
			const source = readContract(reading.contract, from);
			if (source) return source;
			const said = { status: answer.status, retryAfter: null, text: '' };
			throw failureOf({ class: 'UNVERIFIED', ...said }, 'Blockscout', redact);
		},
	};
}

function urlFor(at: BlockscoutUrl, key: ContractKey, apiKey: string | null): URL {
	const path = `api/v2/smart-contracts/${key.address}`;
	if (at.kind === 'pro') {
		const url = contractUrl(at.url, `${key.chainId}/${path}`);
		if (apiKey !== null) url.searchParams.set('apikey', apiKey);
		return url;
	}
	const base = at.urls.get(key.chainId);
	if (base) return contractUrl(base, path);
	throw failureWith('CHAIN', policyOf('CHAIN').sentence('Blockscout'));
}
