import { createRedact } from '../../domain/redact.ts';
import { upstreams } from '../../domain/upstreams.ts';
import type { ClientOptions, SourceClient } from '../call.ts';
import { failureOfClass } from '../failure.ts';
import { endpointOf, pathBelow } from '../http.ts';
import { failureOf } from '../refusal.ts';
import { readAnswer } from './answer.ts';
import { proxyIn, readContract } from './contract.ts';

const { title } = upstreams.blockscout;

/**
 * Blockscout: its PRO interface, which needs a key and says itself which chains it does not serve, or
 * instances, which take no key and serve their own chain. Throws what `parseBlockscoutUrl` throws.
 */
export function createBlockscoutClient(options: ClientOptions): SourceClient {
	const at = parseBlockscoutUrl(options.url);
	const redact = createRedact(options.secrets);
	const { maxSourceBytes } = options;

	function serverOf(chainId: number): URL {
		const url = at.kind === 'pro' ? at.url : at.urls.get(chainId);
		if (!url) throw failureOfClass('CHAIN', title);
		return url;
	}

	return {
		name: 'blockscout',
		serves: (chainId) => at.kind === 'pro' || at.urls.has(chainId),
		url({ chainId, address }, apiKey) {
			const path = `api/v2/smart-contracts/${address}`;
			const url = pathBelow(serverOf(chainId), at.kind === 'pro' ? `${chainId}/${path}` : path);
			if (at.kind === 'pro' && apiKey !== null) url.searchParams.set('apikey', apiKey);
			return url;
		},
		read(answer, { chainId, address }) {
			const reading = readAnswer(answer);
			if ('refusal' in reading) throw failureOf(reading.refusal, title, redact);
			const origin = serverOf(chainId).host;
			const source = readContract(reading.contract, { origin, address, maxSourceBytes });
			if (source) return source;
			const proxy = proxyIn(reading.contract, address);
			throw failureOfClass('UNVERIFIED', title, { proxy });
		},
	};
}

/** Where Blockscout is asked: the PRO interface for every chain, or one instance for each chain. */
type BlockscoutUrl =
	| { kind: 'pro'; url: URL }
	| { kind: 'instances'; urls: ReadonlyMap<number, URL> };

/**
 * Reads `https://api.blockscout.com` or `1=https://eth.blockscout.com,100=https://gnosis…`. Throws an
 * `Error` that says what is expected and repeats no URL, which may hold a password.
 */
export function parseBlockscoutUrl(text: string): BlockscoutUrl {
	if (!/^[^:/?]*=/.test(text)) {
		return { kind: 'pro', url: endpointOf(text, 'Blockscout') };
	}
	const urls = new Map<number, URL>();
	for (const [index, entry] of text.split(',').entries()) {
		const where = `entry ${index + 1} of the Blockscout URLs`;
		const equals = entry.indexOf('=');
		const id = entry.slice(0, Math.max(0, equals)).trim();
		const chainId = Number(id);
		if (!/^[1-9]\d*$/.test(id) || !Number.isSafeInteger(chainId)) {
			throw new Error(`${where} has to be a chain id, = and a URL, such as 1=https://host`);
		}
		if (urls.has(chainId)) throw new Error(`the Blockscout URLs name chain ${chainId} twice`);
		urls.set(chainId, endpointOf(entry.slice(equals + 1), `Blockscout for chain ${chainId}`));
	}
	return { kind: 'instances', urls };
}
