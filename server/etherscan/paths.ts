export const chainListPath = '/v2/chainlist';
export const chainListUrl = `https://api.etherscan.io${chainListPath}`;

export type Route = 'api' | 'chain-list';

/** What of Etherscan's a URL names, or null. */
export function etherscanRoute(url = ''): Route | null {
	const path = url.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0];
	if (path === chainListPath) return 'chain-list';
	return /^(?:\/v2)?\/api\/?$/.test(path ?? '') ? 'api' : null;
}
