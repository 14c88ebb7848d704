import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../emulator.ts';
import type { BlockscoutContract } from './form.ts';

const eas = '0xA1207F3BBa224E2c9c3c6D5aF63D0eb1582Ce587';
const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
const proxy = '0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8';
const nobody = '0x00000000000000000000000000000000000000aa';
let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ blockscout: { catalogue: true } });
});

afterAll(() => emulator.close());

interface Answer {
	status: number;
	headers: Headers;
	body: unknown;
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
	const response = await fetch(url, init);
	expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
	return { status: response.status, headers: response.headers, body: await response.json() };
}

function pro(path: string): Promise<Answer> {
	return ask(`${emulator.blockscout.url}${path}`);
}

function instance(path: string): Promise<Answer> {
	return ask(`${emulator.blockscout.instanceUrl(1)}${path}`);
}

test('PRO and the instance of a chain give the same contract', async () => {
	const { status, body } = await pro(`/1/api/v2/smart-contracts/${eas}?apikey=proapi_x`);
	expect(status).toBe(200);
	expect((await instance(`/api/v2/smart-contracts/${eas}`)).body).toEqual(body);
	const contract = body as BlockscoutContract;
	expect(contract).toMatchObject({
		is_verified: true,
		is_fully_verified: true,
		is_partially_verified: false,
		name: 'EAS',
		compiler_version: 'v0.8.18+commit.87f61d96',
		file_path: 'contracts/EAS.sol',
		language: 'solidity',
		proxy_type: null,
		implementations: [],
		creation_status: 'success',
	});
	expect(contract.source_code).toContain('contract EAS');
	expect(contract.additional_sources).toHaveLength(10);
	expect(contract.abi?.length).toBeGreaterThan(0);
});

test('a proxy says its kind, its implementation and its arguments', async () => {
	const { body } = await instance(`/api/v2/smart-contracts/${proxy}`);
	const contract = body as BlockscoutContract;
	expect(contract).toMatchObject({
		proxy_type: 'eip1967',
		implementations: [{ address_hash: '0xB0F8531a8C9D09E8E344c78cb7200aAD61E4CdFA', name: null }],
	});
	expect(contract.constructor_args).toMatch(/^0x([0-9a-f]{64})+$/);
	expect(contract.decoded_constructor_args?.[0]).toEqual([
		expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
		expect.objectContaining({ type: 'address' }),
	]);
});

test('what no proven file shows is partially verified', async () => {
	const { body } = await instance(`/api/v2/smart-contracts/${weth}`);
	expect(body).toMatchObject({
		is_fully_verified: false,
		is_partially_verified: true,
		constructor_args: null,
		additional_sources: [],
	});
});

const call = 'module=contract&action=getsourcecode';

test.each([
	['PRO with chain_id', () => `${emulator.blockscout.url}/v2/api?chain_id=1&apikey=k&`],
	['PRO with chainid', () => `${emulator.blockscout.url}/v2/api?chainid=1&apikey=k&`],
	['PRO with the chain in the path', () => `${emulator.blockscout.url}/1/api?apikey=k&`],
	['an instance', () => `${emulator.blockscout.instanceUrl(1)}/api?`],
])('the Etherscan-like form of %s', async (_, url) => {
	const { status, body } = await ask(`${url()}${call}&address=${proxy}`);
	expect(status).toBe(200);
	const { result } = body as { result: Record<string, unknown>[] };
	expect(body).toMatchObject({ status: '1', message: 'OK' });
	expect(result[0]).toMatchObject({
		Address: proxy.toLowerCase(),
		ContractName: 'TransparentUpgradeableProxy',
		OptimizationUsed: 'true',
		FileName: 'solc_0.8/openzeppelin/proxy/transparent/TransparentUpgradeableProxy.sol',
		IsProxy: 'true',
		ImplementationAddress: '0xb0f8531a8c9d09e8e344c78cb7200aad61e4cdfa',
		ImplementationAddresses: ['0xb0f8531a8c9d09e8e344c78cb7200aad61e4cdfa'],
	});
	expect(typeof result[0]?.['OptimizationRuns']).toBe('number');
	expect(result[0]?.['AdditionalSources']).toContainEqual({
		Filename: expect.any(String),
		SourceCode: expect.any(String),
	});
});

test('keys of the Etherscan-like form are left out when there is nothing in them', async () => {
	const { body } = await instance(`/api?${call}&address=${weth}`);
	const item = (body as { result: object[] }).result[0];
	for (const absent of [
		'AdditionalSources',
		'ConstructorArguments',
		'ExternalLibraries',
		'ImplementationAddress',
		'OptimizationRuns',
	]) {
		expect(item).not.toHaveProperty(absent);
	}
	expect(item).toMatchObject({ OptimizationUsed: 'false', IsProxy: 'false' });
});

test('an unverified contract is its address alone, or 404', async () => {
	expect((await instance(`/api?${call}&address=${nobody}`)).body).toEqual({
		status: '1',
		message: 'OK',
		result: [{ Address: nobody }],
	});
	const rest = await instance(`/api/v2/smart-contracts/${nobody}`);
	expect([rest.status, rest.body]).toEqual([404, { message: 'Not found' }]);
});

describe('refusals', () => {
	const notFound = { error: 'Not found', source: 'internal' };
	const unauthorized = { error: 'Unauthorized', source: 'internal' };
	const noNetwork = { error: 'Network not supported', source: 'internal' };
	const rpc = (message: string) => ({ status: '0', message, result: null });
	test.each<[string, string, number, object]>([
		['no key', `/1/api/v2/smart-contracts/${eas}`, 401, unauthorized],
		['an unknown chain', `/424242/api/v2/smart-contracts/${eas}?apikey=k`, 404, noNetwork],
		['no chain', `/v2/api?${call}&address=${eas}&apikey=k`, 404, noNetwork],
		[
			'a bad address',
			'/1/api/v2/smart-contracts/0xC02a?apikey=k',
			422,
			{ message: 'Invalid parameter(s)' },
		],
		['another path', '/1/api/v2/blocks?apikey=k', 404, notFound],
		['no address', `/1/api?${call}&apikey=k`, 200, rpc('Query parameter address is required')],
		['a bad hash', `/1/api?${call}&apikey=k&address=0xC0`, 200, rpc('Invalid address hash')],
		['an unknown action', '/1/api?module=contract&action=x&apikey=k', 200, rpc('Unknown action')],
	])('%s', async (_, path, status, body) => {
		const answer = await pro(path);
		expect([answer.status, answer.body]).toEqual([status, body]);
	});
});

test('the key may come as a header', async () => {
	const headers = { authorization: 'Bearer proapi_x' };
	const url = `${emulator.blockscout.url}/1/api/v2/smart-contracts/${eas}`;
	expect((await ask(url, { headers })).status).toBe(200);
});

test('keys, rate and credits are limited, and every answer says how far', async () => {
	await using own = await startEmulator({ blockscout: { keys: ['right'], rate: 2, daily: 3 } });
	const url = `${own.blockscout.url}/1/api/v2/smart-contracts/${nobody}`;
	expect((await ask(`${url}?apikey=wrong`)).status).toBe(401);
	const three = await Promise.all([1, 2, 3].map(() => ask(`${url}?apikey=right`)));
	expect(three.map((answer) => answer.status).sort()).toEqual([404, 404, 429]);
	const passed = three.filter((answer) => answer.status === 404);
	expect(passed.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(['2', '2']);
	expect(passed.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toContain('1');
	expect(passed.map(({ headers }) => headers.get('x-credits-remaining')).sort()).toEqual([
		'20',
		'40',
	]);
	const refused = three.find((answer) => answer.status === 429);
	expect(refused?.body).toEqual({
		message: 'Too many requests. Increase limits now at https://dev.blockscout.com',
	});
	expect(Number(refused?.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
	expect(refused?.headers.get('bypass-429-option')).toBe('no_bypass');
});

test('spent credits refuse what follows', async () => {
	await using own = await startEmulator({ blockscout: { daily: 1 } });
	const url = `${own.blockscout.url}/1/api/v2/smart-contracts/${nobody}?apikey=k`;
	expect((await ask(url)).status).toBe(404);
	const { status, headers } = await ask(url);
	expect([status, headers.get('x-credits-remaining')]).toEqual([429, '0']);
});

test('a contract of one’s own can be verified here alone, in both forms', async () => {
	const address = '0x00000000000000000000000000000000000000bb';
	emulator.blockscout.put(1, address, { name: 'Mine', source_code: 'contract Mine {}' });
	const rest = await instance(`/api/v2/smart-contracts/${address}`);
	expect(rest.body).toMatchObject({ is_verified: true, name: 'Mine', additional_sources: [] });
	const { body } = await instance(`/api?${call}&address=${address}`);
	expect(body).toMatchObject({
		result: [{ ContractName: 'Mine', SourceCode: 'contract Mine {}' }],
	});
	expect(emulator.blockscout.calls(1, address)).toBe(2);
	expect(emulator.sourcify.calls(1, address)).toBe(0);
});
