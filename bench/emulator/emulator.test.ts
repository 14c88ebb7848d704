import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EtherscanItem } from '../../sources/etherscan/format.ts';
import { type Emulator, startEmulator } from './emulator.ts';

interface Envelope {
	status: string;
	message: string;
	result: unknown;
}

const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
const nobody = '0x00000000000000000000000000000000000000aa';
const good = { chainid: '1', module: 'contract', action: 'getsourcecode', apikey: 'k' };
let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator();
});

afterAll(() => emulator.close());

async function ask(parameters: Record<string, string>, init?: RequestInit): Promise<Envelope> {
	const response = await fetch(`${emulator.url}?${new URLSearchParams(parameters)}`, init);
	expect(response.status).toBe(200);
	expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
	return (await response.json()) as Envelope;
}

async function itemAt(address: string, chainid = '1'): Promise<EtherscanItem | undefined> {
	const { status, message, result } = await ask({ ...good, chainid, address });
	expect([status, message]).toEqual(['1', 'OK']);
	return (result as EtherscanItem[])[0];
}

test('a verified contract comes whole, whatever the case of its address', async () => {
	const item = await itemAt(weth);
	expect(item).toMatchObject({
		ContractName: 'WETH9',
		CompilerVersion: 'v0.4.19+commit.c4cbbb05',
		OptimizationUsed: '0',
		Runs: '200',
		EVMVersion: 'Default',
		Library: '',
		Proxy: '0',
		Implementation: '',
	});
	expect(item?.SourceCode).toContain('contract WETH9 {');
	expect(await itemAt(weth.toLowerCase())).toEqual(item);
});

test('a proxy names its implementation in lower case', async () => {
	expect(await itemAt('0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8')).toMatchObject({
		Proxy: '1',
		Implementation: '0xb0f8531a8c9d09e8e344c78cb7200aad61e4cdfa',
	});
});

test('an unverified address is a success without source, also on another chain', async () => {
	const unverified = {
		SourceCode: '',
		ABI: 'Contract source code not verified',
		ContractName: '',
		CompilerVersion: '',
		EVMVersion: 'Default',
		LicenseType: 'Unknown',
		Proxy: '0',
	};
	expect(await itemAt(nobody)).toMatchObject(unverified);
	expect(await itemAt(weth, '137')).toMatchObject(unverified);
});

test('getabi gives the interface alone, and NOTOK without one', async () => {
	const abi = await ask({ ...good, action: 'getabi', address: weth });
	expect(abi.result).toBe((await itemAt(weth))?.ABI);
	expect(await ask({ ...good, action: 'getabi', address: nobody })).toEqual({
		status: '0',
		message: 'NOTOK',
		result: 'Contract source code not verified',
	});
});

describe('refusals come with HTTP 200 and NOTOK', () => {
	const chain =
		'Missing or unsupported chainid parameter (required for v2 api), please see https://api.etherscan.io/v2/chainlist for the list of supported chainids';
	test.each([
		['no chain', { chainid: '' }, chain],
		['an unknown chain', { chainid: '424242' }, chain],
		['an unknown chain without a key', { chainid: '0', apikey: '' }, chain],
		['no key', { apikey: '' }, 'Missing/Invalid API Key'],
		['no module', { module: '' }, 'Error! Missing or invalid Module name'],
		['an unknown action', { action: 'get' }, 'Error! Missing Or invalid Action name'],
		['no address', { address: '' }, 'Error! Invalid address format'],
		['half an address', { address: '0xC02a' }, 'Error! Invalid address format'],
	])('%s', async (_, change, result) => {
		const answer = await ask({ ...good, address: weth, ...change });
		expect(answer).toEqual({ status: '0', message: 'NOTOK', result });
	});
});

test('a posted call has its chain in the query string only', async () => {
	const { chainid, ...rest } = good;
	const body = new URLSearchParams({ ...rest, address: weth });
	expect(await ask({ chainid }, { method: 'POST', body })).toMatchObject({ status: '1' });
	body.set('chainid', '1');
	expect(await ask({}, { method: 'POST', body })).toMatchObject({ status: '0' });
});

test('the chain list is no envelope and has the chains of all contracts', async () => {
	const response = await fetch(new URL('/v2/chainlist', emulator.url));
	const list = (await response.json()) as { totalcount: number; result: { chainid: string }[] };
	expect(Object.keys(list)).toEqual(['comments', 'totalcount', 'result']);
	expect(list.result).toHaveLength(list.totalcount);
	const ids = new Set(list.result.map((chain) => chain.chainid));
	for (const contract of emulator.contracts) expect(ids).toContain(String(contract.chainId));
});

test('a contract can be put there for a test', async () => {
	const address = '0x00000000000000000000000000000000000000bb';
	emulator.put(1, address, { SourceCode: '# @version 0.3.10', CompilerVersion: 'vyper:0.3.10' });
	expect(await itemAt(address)).toMatchObject({
		SourceCode: '# @version 0.3.10',
		ABI: '[]',
		CompilerVersion: 'vyper:0.3.10',
	});
	expect(emulator.calls(1, address.toUpperCase().replace('X', 'x'))).toBe(1);
});
