import { endpointOf } from '../asking/endpoint.ts';

/** Where Blockscout is asked: the PRO interface for every chain, or one instance for each chain. */
export type BlockscoutUrl =
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

/** The place of a contract below the URL, whose own path and query stay. */
export function contractUrl(base: URL, path: string): URL {
	const url = new URL(base);
	url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
	return url;
}
