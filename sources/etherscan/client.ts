import { createRedact } from '../../domain/redact.ts';
import { endpointOf } from '../asking/endpoint.ts';
import { get, type HttpLimits } from '../asking/http.ts';
import { failureOf } from '../asking/refusal.ts';
import type { SourceClient } from '../client.ts';
import { TwinElsewhere } from '../twin.ts';
import { readAnswer } from './answer.ts';
import { readItem, twinIn } from './item.ts';

export interface EtherscanOptions extends HttpLimits {
	/** The API, such as https://api.etherscan.io/v2/api. */
	url: string;
	/** Every key there is: none of them may stay in a text of the upstream. */
	secrets: readonly string[];
	/** Bytes of all files of a source together. */
	maxSourceBytes: number;
}

const name = 'Etherscan';

/** Etherscan V2, or a server that speaks like it. No error of it holds a key or a URL. */
export function createEtherscanClient(options: EtherscanOptions): SourceClient {
	const endpoint = endpointOf(options.url, name);
	const redact = createRedact(options.secrets);
	const from = { origin: endpoint.host, maxSourceBytes: options.maxSourceBytes };

	return {
		provider: 'ETHERSCAN',
		name,
		// Which chains it serves only it knows; it says so when it does not.
		serves: () => true,
		async ask({ chainId, address }, apiKey, signal, onlooker) {
			const url = new URL(endpoint);
			url.searchParams.set('chainid', String(chainId));
			url.searchParams.set('module', 'contract');
			url.searchParams.set('action', 'getsourcecode');
			url.searchParams.set('address', address);
			if (apiKey !== null) url.searchParams.set('apikey', apiKey);
			const answer = await get(url, options, signal, onlooker);
			const reading = readAnswer(answer);
			if ('refusal' in reading) throw failureOf(reading.refusal, name, redact);
			const source = readItem(reading.item, { ...from, address });
			if (source) return source;
			const twin = twinIn(reading.item, address);
			if (twin) throw new TwinElsewhere(name, twin);
			const said = { status: answer.status, retryAfter: null, text: '' };
			throw failureOf({ class: 'UNVERIFIED', ...said }, name, redact);
		},
	};
}
