import type { ContractKey } from '../../domain/contract.ts';
import { createRedact } from '../../domain/redact.ts';
import { endpointOf } from '../asking/endpoint.ts';
import { get, type HttpLimits } from '../asking/http.ts';
import { failureOf } from '../asking/refusal.ts';
import type { SourceClient } from '../client.ts';
import { readAnswer } from './answer.ts';
import { readContract } from './contract.ts';

export interface SourcifyOptions extends HttpLimits {
	/** The server, such as https://sourcify.dev/server. */
	url: string;
	/** Bytes of all files of a source together. */
	maxSourceBytes: number;
}

/**
 * No bytecode, and no `sources` or `metadata`: the standard JSON input holds the same files already.
 * Constructor arguments and libraries linked afterwards are among the transformations of bytecode.
 */
const fields = [
	'stdJsonInput',
	'compilation',
	'abi',
	'proxyResolution',
	'creationBytecode.transformationValues',
	'runtimeBytecode.transformationValues',
];

/** Sourcify's API v2. It needs no key, and is never sent one. */
export function createSourcifyClient(options: SourcifyOptions): SourceClient {
	const server = endpointOf(options.url, 'Sourcify');
	const redact = createRedact([]);

	function urlOf({ chainId, address }: ContractKey): URL {
		const url = new URL(server);
		url.pathname = `${server.pathname.replace(/\/+$/, '')}/v2/contract/${chainId}/${address}`;
		// Commas stay as they are, as in Sourcify's own documentation.
		url.search = `${server.search === '' ? '?' : `${server.search}&`}fields=${fields.join()}`;
		return url;
	}

	return {
		provider: 'SOURCIFY',
		name: 'Sourcify',
		// More than 180 chains, ever more: it says itself which it does not have.
		serves: () => true,
		async ask(key, _apiKey, signal, onlooker) {
			const reading = readAnswer(await get(urlOf(key), options, signal, onlooker), key);
			if ('refusal' in reading) throw failureOf(reading.refusal, 'Sourcify', redact);
			const { maxSourceBytes } = options;
			return readContract(reading.contract, { key, origin: server.host, maxSourceBytes });
		},
	};
}
