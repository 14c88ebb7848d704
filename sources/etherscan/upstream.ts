import type { ContractKey } from '../../domain/contract.ts';
import type { Upstream } from '../../domain/ports.ts';
import { get, type HttpLimits } from '../http.ts';
import { createRedact } from '../redact.ts';
import { failureOf } from '../refusal.ts';
import { readAnswer } from './answer.ts';
import { readItem } from './item.ts';

export interface EtherscanOptions extends HttpLimits {
	/** The API, such as https://api.etherscan.io/v2/api. */
	url: string;
	/** Used in turn. None: requests carry no key. */
	keys: readonly string[];
	/** Bytes of all files of a source together. */
	maxSourceBytes: number;
}

/** Etherscan V2, or a server that speaks like it. No error of it holds a key or a URL. */
export function createEtherscan(options: EtherscanOptions): Upstream {
	const endpoint = endpointOf(options.url);
	const redact = createRedact(options.keys);
	const from = { origin: endpoint.host, maxSourceBytes: options.maxSourceBytes };
	let turn = 0;

	function urlOf({ chainId, address }: ContractKey): URL {
		const url = new URL(endpoint);
		url.searchParams.set('chainid', String(chainId));
		url.searchParams.set('module', 'contract');
		url.searchParams.set('action', 'getsourcecode');
		url.searchParams.set('address', address);
		const apikey = options.keys[turn % options.keys.length];
		turn += 1;
		if (apikey !== undefined) url.searchParams.set('apikey', apikey);
		return url;
	}

	return {
		async fetch(key, signal) {
			const answer = await get(urlOf(key), options, signal);
			const reading = readAnswer(answer);
			if ('refusal' in reading) throw failureOf(reading.refusal, 'Etherscan', redact);
			const source = readItem(reading.item, from);
			if (source) return source;
			const said = { status: answer.status, retryAfter: null, text: '' };
			throw failureOf({ class: 'UNVERIFIED', ...said }, 'Etherscan', redact);
		},
	};
}

function endpointOf(text: string): URL {
	const url = URL.parse(text);
	if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
		// Without the text, which may hold a password.
		throw new Error('the URL of Etherscan has to be http(s) and without a user or password');
	}
	return url;
}
