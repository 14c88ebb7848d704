import { createRedact } from '../../domain/redact.ts';
import { upstreams } from '../../domain/upstreams.ts';
import type { ClientOptions, SourceClient } from '../call.ts';
import { failureOfClass, TwinElsewhere } from '../failure.ts';
import { endpointOf } from '../http.ts';
import { failureOf } from '../refusal.ts';
import { readAnswer } from './answer.ts';
import { leadsOf, readItem } from './item.ts';

const { title } = upstreams.etherscan;

/** Etherscan V2, or a server that speaks like it, such as https://api.etherscan.io/v2/api. */
export function createEtherscanClient(options: ClientOptions): SourceClient {
	const endpoint = endpointOf(options.url, title);
	const redact = createRedact(options.secrets);
	const from = { origin: endpoint.host, maxSourceBytes: options.maxSourceBytes };

	return {
		name: 'etherscan',
		// Which chains it serves only it knows; it says so when it does not.
		serves: () => true,
		url({ chainId, address }, apiKey) {
			const url = new URL(endpoint);
			url.searchParams.set('chainid', String(chainId));
			url.searchParams.set('module', 'contract');
			url.searchParams.set('action', 'getsourcecode');
			url.searchParams.set('address', address);
			if (apiKey !== null) url.searchParams.set('apikey', apiKey);
			return url;
		},
		read(answer, { address }) {
			const reading = readAnswer(answer);
			if ('refusal' in reading) throw failureOf(reading.refusal, title, redact);
			const source = readItem(reading.item, { ...from, address });
			if (source) return source;
			const { twin, proxy } = leadsOf(reading.item, address);
			throw twin
				? new TwinElsewhere(title, twin, proxy)
				: failureOfClass('UNVERIFIED', title, { proxy });
		},
	};
}
