import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from './emulator.ts';

const address = '0x00000000000000000000000000000000000000cc';
let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator();
});

afterAll(() => emulator.close());

async function order(name: string, body: unknown): Promise<{ status: number; body: unknown }> {
	const response = await fetch(new URL(`/emulator/${name}`, emulator.url), {
		method: 'POST',
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return { status: response.status, body: await response.json() };
}

function callSourcify(): Promise<Response> {
	return fetch(`${emulator.sourcify.url}/v2/contract/1/${address}`);
}

test('faults are ordered for a contract at an API, by name or word for word', async () => {
	const faults = ['http-500', { status: 418, headers: { 'x-tea': 'yes' }, body: 'tea' }];
	expect(await order('inject', { api: 'sourcify', chainId: 1, address, faults })).toEqual({
		status: 200,
		body: { injected: 2 },
	});
	expect((await callSourcify()).status).toBe(500);
	const tea = await callSourcify();
	expect([tea.status, tea.headers.get('x-tea'), await tea.text()]).toEqual([418, 'yes', 'tea']);
	expect((await callSourcify()).status).toBe(404);
});

test('one fault needs no list, and the api is Etherscan when none is named', async () => {
	await order('inject', { chainId: 1, address, faults: 'http-503' });
	const query = `chainid=1&module=contract&action=getsourcecode&apikey=k&address=${address}`;
	expect((await fetch(`${emulator.url}?${query}`)).status).toBe(503);
});

test('a contract is verified from outside', async () => {
	const item = { match: 'exact_match', abi: [{ type: 'fallback' }] };
	const own = address.replace('cc', 'dd');
	await order('put', { api: 'sourcify', chainId: 1, address: own, item });
	const response = await fetch(`${emulator.sourcify.url}/v2/contract/1/${own}?fields=abi`);
	expect(await response.json()).toMatchObject(item);
});

test('a whole upstream fails from one order to the next', async () => {
	await order('behave', { api: 'blockscout', faults: { 'http-502': 1 } });
	const url = `${emulator.blockscout.instanceUrl(1)}/api/v2/smart-contracts/${address}`;
	expect((await fetch(url)).status).toBe(502);
	await order('behave', { api: 'blockscout', faults: {}, latency: 1 });
	expect((await fetch(url)).status).toBe(404);
});

test('the counts of every api are shown', async () => {
	await callSourcify();
	const response = await fetch(new URL('/emulator/stats?arrivals', emulator.url));
	const stats = (await response.json()) as Record<string, { calls: number; arrivals: number[] }>;
	expect(Object.keys(stats)).toEqual(['etherscan', 'sourcify', 'blockscout']);
	expect(stats['sourcify']).toMatchObject({
		url: emulator.sourcify.url,
		calls: emulator.sourcify.total,
		maxPerSecond: emulator.sourcify.maxPerSecond,
		averagePerSecond: { all: expect.any(Number) },
	});
	expect(stats['sourcify']?.arrivals).toHaveLength(emulator.sourcify.total);
	expect(emulator.sourcify.arrivals).toEqual(stats['sourcify']?.arrivals);
});

test.each<[string, string, unknown, number, RegExp]>([
	['inject', 'an unknown fault', { chainId: 1, address, faults: 'gremlins' }, 400, /none of: rate/],
	[
		'inject',
		'a fault of another api',
		{ api: 'sourcify', chainId: 1, address, faults: ['plan'] },
		400,
		/sourcify has no fault "plan"/,
	],
	['inject', 'no address', { chainId: 1, faults: 'hang' }, 400, /address/],
	['inject', 'no JSON', '{', 400, /JSON/],
	['behave', 'too much', { faults: { hang: 0.7, reset: 0.7 } }, 400, /add up to 1\.4/],
	['dance', 'an unknown order', {}, 404, /POST \/dance is none of the controls/],
])('%s with %s is refused with a sentence', async (name, _, body, status, error) => {
	expect(await order(name, body)).toEqual({
		status,
		body: { error: expect.stringMatching(error) },
	});
});
