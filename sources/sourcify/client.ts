import { createRedact } from '../../domain/redact.ts';
import { upstreams } from '../../domain/upstreams.ts';
import type { ClientOptions, SourceClient } from '../call.ts';
import { endpointOf, pathBelow } from '../http.ts';
import { failureOf } from '../refusal.ts';
import { readAnswer } from './answer.ts';
import { readContract } from './contract.ts';

/**
 * No bytecode, and no `sources` or `metadata`: the standard JSON input holds the same files already.
 * Constructor arguments and libraries linked afterwards are among the transformations of bytecode.
 */
const fields = [
	'stdJsonInput',
	'compilation',
	'abi',
	'proxyResolution',
	'deployment',
	'creationBytecode.transformationValues',
	'runtimeBytecode.transformationValues',
];

const { title } = upstreams.sourcify;

/** Sourcify's API v2, such as https://sourcify.dev/server. It needs no key, and is never sent one. */
export function createSourcifyClient({ url, maxSourceBytes }: ClientOptions): SourceClient {
	const server = endpointOf(url, title);
	const redact = createRedact([]);

	return {
		name: 'sourcify',
		// More than 180 chains, ever more: it says itself which it does not have.
		serves: () => true,
		url({ chainId, address }) {
			const url = pathBelow(server, `v2/contract/${chainId}/${address}`);
			// Commas stay as they are, as in Sourcify's own documentation.
			url.search = `${server.search === '' ? '?' : `${server.search}&`}fields=${fields.join()}`;
			return url;
		},
		read(answer, key) {
			const reading = readAnswer(answer, key);
			if ('refusal' in reading) throw failureOf(reading.refusal, title, redact);
			return readContract(reading.contract, { key, origin: server.host, maxSourceBytes });
		},
	};
}
