import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../emulator.ts';
import type { SourcifyContract } from './form.ts';

const eas = '0xA1207F3BBa224E2c9c3c6D5aF63D0eb1582Ce587';
const nobody = '0x00000000000000000000000000000000000000aa';
const minimal = [
	'match',
	'creationMatch',
	'runtimeMatch',
	'chainId',
	'address',
	'verifiedAt',
	'matchId',
];
let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ sourcify: { catalogue: true } });
});

afterAll(() => emulator.close());

async function ask(path: string, query = ''): Promise<{ status: number; body: unknown }> {
	const response = await fetch(`${emulator.sourcify.url}${path}${query}`);
	expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
	return { status: response.status, body: await response.json() };
}

async function contractAt(address: string, query = '', chainId = 1): Promise<SourcifyContract> {
	const { status, body } = await ask(`/v2/contract/${chainId}/${address}`, query);
	expect(status).toBe(200);
	return body as SourcifyContract;
}

test('without fields the answer is minimal', async () => {
	const contract = await contractAt(eas.toLowerCase());
	expect(Object.keys(contract)).toEqual(minimal);
	expect(contract).toMatchObject({ match: 'exact_match', chainId: '1', address: eas });
	expect(contract.verifiedAt).toMatch(/^\d{4}-\d\d-\d\dT12:00:00Z$/);
	expect(contract.matchId).toMatch(/^\d+$/);
});

test('all fields give the contract whole', async () => {
	const contract = await contractAt(eas, '?fields=all');
	expect(contract.compilation).toMatchObject({
		language: 'Solidity',
		compiler: 'solc',
		compilerVersion: '0.8.18+commit.87f61d96',
		name: 'EAS',
		fullyQualifiedName: 'contracts/EAS.sol:EAS',
	});
	expect(Object.keys(contract.sources ?? {})).toHaveLength(11);
	expect(contract.sources?.['contracts/EAS.sol']?.content).toContain('contract EAS');
	expect(contract.stdJsonInput?.sources).toEqual(contract.sources);
	expect(contract.abi?.length).toBeGreaterThan(0);
	expect(contract.metadata).toBeNull();
	expect(contract.proxyResolution).toEqual({
		isProxy: false,
		proxyType: null,
		implementations: [],
	});
});

test('a proxy says its kind and its implementation', async () => {
	const proxy = '0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8';
	const contract = await contractAt(proxy, '?fields=proxyResolution');
	expect(contract.proxyResolution).toEqual({
		isProxy: true,
		proxyType: 'EIP1967Proxy',
		implementations: [{ address: '0xB0F8531a8C9D09E8E344c78cb7200aAD61E4CdFA' }],
	});
});

test('what was not compiled from a proven file is a mere match', async () => {
	const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
	expect(await contractAt(weth)).toMatchObject({ match: 'match', runtimeMatch: 'match' });
});

test('fields select, one level below too, and what is always there stays', async () => {
	const contract = await contractAt(eas, '?fields=abi,compilation.name,compilation.language');
	expect(Object.keys(contract)).toEqual([...minimal, 'abi', 'compilation']);
	expect(contract.compilation).toEqual({ name: 'EAS', language: 'Solidity' });
});

test('omit leaves out, but nothing that is always there', async () => {
	const contract = await contractAt(eas, '?omit=sources,stdJsonInput.sources,match');
	expect(contract).not.toHaveProperty('sources');
	expect(contract.stdJsonInput).not.toHaveProperty('sources');
	expect(contract.stdJsonInput).toHaveProperty('settings');
	expect(contract.match).toBe('exact_match');
});

test('an unverified contract is 404 with nulls, and no error', async () => {
	expect(await ask(`/v2/contract/1/${nobody}`, '?fields=all')).toEqual({
		status: 404,
		body: {
			match: null,
			creationMatch: null,
			runtimeMatch: null,
			chainId: '1',
			address: '0x00000000000000000000000000000000000000AA',
		},
	});
});

describe('errors have a code, a message and an id', () => {
	test.each([
		[
			'an unknown chain',
			`/v2/contract/424242/${eas}`,
			400,
			'unsupported_chain',
			'Chain 424242 not found',
		],
		['no address', '/v2/contract/1/0xC02a', 400, 'invalid_parameter', 'Invalid address: 0xC02a'],
		[
			'a wrong checksum',
			`/v2/contract/1/${eas.replace('A1', 'a1')}`,
			400,
			'invalid_parameter',
			`Invalid address: ${eas.replace('A1', 'a1')}`,
		],
		[
			'fields and omit at once',
			`/v2/contract/1/${eas}?fields=abi&omit=sources`,
			400,
			'invalid_parameter',
			'Cannot specify both fields and omit',
		],
		[
			'an unknown field',
			`/v2/contract/1/${eas}?fields=toString`,
			400,
			'invalid_parameter',
			'Field selector toString is not a valid field',
		],
		[
			'an unknown field below',
			`/v2/contract/1/${eas}?omit=compilation.colour`,
			400,
			'invalid_parameter',
			'Field selector compilation.colour is not a valid field',
		],
		[
			'two levels',
			`/v2/contract/1/${eas}?fields=compilation.compilerSettings.optimizer`,
			400,
			'invalid_parameter',
			'Field selector cannot have more than one level subselectors: compilation.compilerSettings.optimizer',
		],
		[
			'all and more',
			`/v2/contract/1/${eas}?fields=all,abi`,
			400,
			'invalid_parameter',
			"Cannot specify 'all' with other fields",
		],
		['another route', '/v1/files', 404, 'route_not_found', 'The requested route does not exist'],
	])('%s', async (_, path, status, customCode, message) => {
		const errorId = expect.stringMatching(/^[0-9a-f-]{36}$/);
		expect(await ask(path)).toEqual({ status, body: { customCode, message, errorId } });
	});
});

test('a contract of one’s own can be verified here alone', async () => {
	emulator.sourcify.put(137, nobody, { sources: { 'A.vy': { content: '# vyper' } }, abi: [] });
	const contract = await contractAt(nobody, '?fields=sources', 137);
	expect(contract).toMatchObject({ match: 'match', sources: { 'A.vy': { content: '# vyper' } } });
	expect(emulator.sourcify.calls(137, nobody)).toBe(1);
	expect(emulator.calls(137, nobody)).toBe(0);
});

test('by default the real contracts are not here', async () => {
	await using own = await startEmulator();
	expect((await fetch(`${own.sourcify.url}/v2/contract/1/${eas}`)).status).toBe(404);
});

test('one rate holds for all callers', async () => {
	await using own = await startEmulator({ sourcify: { rate: 2 } });
	const url = `${own.sourcify.url}/v2/contract/1/${nobody}`;
	const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(url)));
	const refused = answers.filter((answer) => answer.status === 429);
	expect(refused).toHaveLength(3);
	expect(await refused[0]?.json()).toMatchObject({ customCode: 'too_many_requests' });
	expect([own.sourcify.total, own.sourcify.maxPerSecond, own.total]).toEqual([5, 5, 0]);
});
