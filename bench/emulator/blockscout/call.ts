import type { IncomingMessage } from 'node:http';
import type { Target } from '../protocol.ts';

/** What is asked of Blockscout, by any of its ways in. */
export interface BlockscoutCall extends Target {
	/** PRO has all chains and wants a key; an instance has one chain and wants none. */
	host: 'pro' | 'instance';
	api: 'rest' | 'rpc' | 'none';
	module: string;
	action: string;
	apiKey: string;
}

/**
 * Reads a call: `/v2/api?chain_id=`, `/{chainId}/api…` of PRO, and `/instance/{chainId}/api…`, where
 * `/instance/{chainId}` stands for the host of one chain.
 */
export function readCall(request: IncomingMessage, path: URL): BlockscoutCall {
	const query = path.searchParams;
	const parameter = (name: string) => query.get(name) ?? '';
	const [, instance, chain = '', rest = ''] =
		/^(\/instance)?(?:\/(\d+))?(\/.*)$/.exec(path.pathname) ?? [];
	const host = instance ? 'instance' : 'pro';
	const named = parameter('chain_id') || parameter('chainid');
	const rpc = (chain === '' ? '/v2/api' : '/api') === rest.replace(/\/$/, '');
	const restAddress = chain && /^\/api\/v2\/smart-contracts\/([^/]+)\/?$/.exec(rest)?.[1];
	return {
		host,
		api: request.method !== 'GET' ? 'none' : rpc ? 'rpc' : restAddress ? 'rest' : 'none',
		chainId: chain === '' ? named : chain,
		address: rpc ? parameter('address') : (restAddress ?? ''),
		module: parameter('module').toLowerCase(),
		action: parameter('action').toLowerCase(),
		apiKey: parameter('apikey') || bearer(request.headers.authorization),
	};
}

function bearer(header = ''): string {
	return header.replace(/^Bearer\s+/i, '');
}
