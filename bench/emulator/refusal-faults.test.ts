import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmulatedApi } from './api.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import type { FaultName } from './faults.ts';
import { type ApiName, apiNames } from './protocol.ts';
import { refusalFaults } from './refusal-faults.ts';

const address = '0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8';
let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({
		sourcify: { catalogue: true },
		blockscout: { catalogue: true },
	});
});

afterAll(() => emulator.close());

async function corrupted(api: ApiName, fault: FaultName): Promise<[number, unknown]> {
	const urls: Record<ApiName, string> = {
		etherscan: `${emulator.url}?chainid=1&module=contract&action=getsourcecode&apikey=k&address=${address}`,
		sourcify: `${emulator.sourcify.url}/v2/contract/1/${address}?fields=all`,
		blockscout: `${emulator.blockscout.instanceUrl(1)}/api/v2/smart-contracts/${address}`,
	};
	const { inject }: Pick<EmulatedApi<never>, 'inject'> = emulator[api];
	inject(1, address, fault);
	const response = await fetch(urls[api]);
	return [response.status, await response.json()];
}

const notOk = (result: unknown) => ({ status: '0', message: 'NOTOK', result });
const chain = 'Missing or unsupported chainid parameter (required for v2 api), please see';

/** The words of Etherscan that have HTTP 200 and NOTOK around them. */
const etherscan = {
	'rate-limit': 'Max calls per sec rate limit reached (3/sec)',
	'rate-limit-5': 'Max calls per sec rate limit reached (5/sec)',
	'rate-limit-plain': 'Max rate limit reached',
	'rate-limit-keyless': 'Max rate limit reached, please use API Key for higher rate limit',
	'daily-quota': 'Max daily rate limit reached. 110000 (110%) of 100000 day/limit',
	'daily-quota-community': expect.stringMatching(
		/^Community Free API limit reached\. Resets \d{4}-\d\d-\d\d 00:00:00 UTC\.$/,
	),
	'missing-key': 'Missing/Invalid API Key',
	'invalid-key': 'Invalid API Key (#err2)',
	'invalid-key-plain': 'Invalid API Key',
	'invalid-key-polygon': 'Invalid API Key (#err2)|POLY-2',
	'echo-key': expect.stringMatching(/^Error! Invalid call .*&apikey=k&/),
	'key-attempts': 'Too many invalid api key attempts, please try again later',
	plan: 'Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage. https://etherscan.io/apis',
	'plan-pro': expect.stringContaining('trying to access an API Pro endpoint.'),
	chain: `${chain} https://api.etherscan.io/v2/chainlist for the list of supported chainids`,
	'chain-plain': `${chain} chainlist for the list of supported chainids`,
	'chain-number': 'Error! Missing or unsupported chainid parameter (56)',
	'v1-dead': expect.stringContaining('deprecated V1 endpoint'),
	'bad-address': 'Error! Invalid address format',
	'bad-address-plain': 'Invalid Address format',
	'bad-module': 'Error! Missing or invalid Module name',
	'bad-action': 'Error! Missing Or invalid Action name',
	'unverified-notok': 'Contract source code not verified',
	timeout: 'Query Timeout occured. Please select a smaller result dataset',
	busy: 'Unexpected err, timeout occurred or server too busy. Please try again later',
	'something-wrong': 'Something went wrong.',
	unknown: 'Error! Something unheard of happened',
	'null-result': null,
	'blank-result': '',
} satisfies Partial<Record<FaultName, unknown>>;

const error = (customCode: string, message: string) => ({
	customCode,
	message,
	errorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
});
const wide = { message: 'Too many requests. Increase limits now at https://dev.blockscout.com' };
const unauthorized = { error: 'Unauthorized', source: 'internal' };
const rpc = (message: string) => ({ status: '0', message, result: null });

const expected: readonly (readonly [ApiName, FaultName, number, unknown])[] = [
	...Object.entries(etherscan).map(
		([name, result]) => ['etherscan', name as FaultName, 200, notOk(result)] as const,
	),
	[
		'etherscan',
		'unverified',
		200,
		{ status: '1', message: 'OK', result: [expect.objectContaining({ SourceCode: '' })] },
	],
	['etherscan', 'empty-result', 200, { status: '1', message: 'OK', result: [] }],
	['etherscan', 'message-429', 200, { message: '429 Too Many Requests' }],
	[
		'etherscan',
		'odd-ok',
		200,
		{
			status: '1',
			message: 'OK-Missing/Invalid API Key, rate limit of 1/5sec applied',
			result: [expect.objectContaining({ ContractName: 'TransparentUpgradeableProxy' })],
		},
	],
	['sourcify', 'rate-limit', 429, error('too_many_requests', 'Too many requests')],
	['sourcify', 'chain', 400, error('unsupported_chain', 'Chain 1 not found')],
	['sourcify', 'chain-404', 404, error('unsupported_chain', 'Chain 1 not found')],
	['sourcify', 'bad-address', 400, error('invalid_parameter', `Invalid address: ${address}`)],
	[
		'sourcify',
		'invalid-parameter',
		400,
		error('invalid_parameter', 'Cannot specify both fields and omit'),
	],
	[
		'sourcify',
		'route-not-found',
		404,
		error('route_not_found', 'The requested route does not exist'),
	],
	[
		'sourcify',
		'unverified',
		404,
		{ match: null, creationMatch: null, runtimeMatch: null, chainId: '1', address },
	],
	[
		'sourcify',
		'proxy-error',
		200,
		expect.objectContaining({
			match: 'exact_match',
			proxyResolution: {
				proxyResolutionError: error(
					'proxy_resolution_error',
					'Error while running proxy detection and implementation resolution',
				),
			},
		}),
	],
	[
		'sourcify',
		'internal-error',
		500,
		error('internal_error', 'The server encountered an unexpected error.'),
	],
	['sourcify', 'unknown', 400, error('unheard_of', 'Something unheard of happened')],
	['blockscout', 'rate-limit', 429, wide],
	['blockscout', 'daily-quota', 429, wide],
	['blockscout', 'missing-key', 401, unauthorized],
	['blockscout', 'invalid-key', 401, unauthorized],
	['blockscout', 'chain', 404, { error: 'Network not supported', source: 'internal' }],
	['blockscout', 'bad-address', 422, { message: 'Invalid parameter(s)' }],
	['blockscout', 'route-not-found', 404, { error: 'Not found', source: 'internal' }],
	['blockscout', 'restricted', 403, { message: 'Restricted access' }],
	['blockscout', 'unverified', 404, { message: 'Not found' }],
	[
		'blockscout',
		'unverified-contract',
		200,
		expect.not.objectContaining({ is_verified: expect.anything() }),
	],
	[
		'blockscout',
		'unverified-twin',
		200,
		expect.objectContaining({
			is_verified: false,
			verified_twin_address_hash: '0x00000000000000000000000000000000000000AA',
			name: 'TransparentUpgradeableProxy',
		}),
	],
	['blockscout', 'something-wrong', 200, rpc('Something went wrong.')],
	['blockscout', 'internal-error', 500, { error: 'Internal server error', source: 'internal' }],
	['blockscout', 'pro-502', 502, { error: 'Bad gateway', source: 'upstream' }],
	['blockscout', 'pro-503', 503, { error: 'Service unavailable', source: 'upstream' }],
	['blockscout', 'pro-504', 504, { error: 'Gateway timeout', source: 'upstream' }],
	['blockscout', 'rpc-no-address', 200, rpc('Query parameter address is required')],
	['blockscout', 'rpc-bad-address', 200, rpc('Invalid address hash')],
	['blockscout', 'rpc-pending', 200, { status: '2', message: 'OK', result: null }],
	[
		'blockscout',
		'rpc-unverified',
		200,
		{ status: '1', message: 'OK', result: [{ Address: address }] },
	],
	['blockscout', 'unknown', 400, { message: 'Something unheard of happened' }],
	['blockscout', 'null-result', 200, rpc('')],
	['blockscout', 'empty-result', 200, { status: '1', message: 'OK', result: [] }],
];

test.each(expected)('%s says %s with %i', async (api, fault, status, body) => {
	expect(await corrupted(api, fault)).toEqual([status, body]);
});

test('every refusal of every api is tried above', () => {
	const tried = new Set(expected.map(([api, fault]) => `${api} ${fault}`));
	const all = Object.entries(refusalFaults).flatMap(([fault, row]) =>
		apiNames.filter((api) => api in row).map((api) => `${api} ${fault}`),
	);
	expect(all.filter((one) => !tried.has(one))).toEqual([]);
	expect(tried.size).toBe(all.length);
});
