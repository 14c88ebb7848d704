import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a client asked for; an absent parameter is "". */
export interface Call {
	chainId: string;
	module: string;
	action: string;
	address: string;
	apiKey: string;
}

/** Reads a call; `chainid` counts in the query string only, also when the rest is posted. */
export async function readCall(request: IncomingMessage, url: URL): Promise<Call> {
	const posted = new URLSearchParams(request.method === 'POST' ? await text(request) : '');
	const parameter = (name: string) => url.searchParams.get(name) ?? posted.get(name) ?? '';
	return {
		chainId: url.searchParams.get('chainid') ?? '',
		module: parameter('module').toLowerCase(),
		action: parameter('action').toLowerCase(),
		address: parameter('address'),
		apiKey: parameter('apikey'),
	};
}
