import type { IncomingMessage } from 'node:http';
import type { Chain } from '../../domain/chain.ts';

/** `GET /v2/chainlist`: not the envelope, and ids are strings there. */
export function chainList(chains: readonly Chain[], base: string) {
	return {
		comments: 'Chains that this server takes contracts of; apiurl is this server itself.',
		totalcount: chains.length,
		result: chains.map((chain) => ({
			chainname: chain.name,
			chainid: String(chain.id),
			blockexplorer: chain.explorerUrl ?? '',
			apiurl: `${base}/v2/api?chainid=${chain.id}`,
			status: 1,
			comment: '',
		})),
	};
}

/** How the client reached this server, through a proxy that ends TLS too; '' where it does not say. */
export function baseUrl({ headers }: IncomingMessage): string {
	const { host = '' } = headers;
	if (!/^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i.test(host)) return '';
	return `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${host}`;
}
