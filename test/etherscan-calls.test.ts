import { describe, expect } from 'vitest';
import { weth } from './harness/contracts.ts';
import { busy, read, urlOf } from './harness/etherscan-calls.ts';
import { systemTest } from './harness/fixture.ts';

const test = systemTest({ server: { ETHERSCAN_API_WAIT_MS: '50000' }, worker: {} });

/** One more than may be asked for at once. */
const six = Array(6).fill(weth).join();

describe('a call', () => {
	const form = { module: 'contract', action: 'getabi', address: weth };
	const headers = { 'content-type': 'application/x-www-form-urlencoded' };

	test.for<[string, string]>([
		['at /api, without a chain', `/api?${new URLSearchParams(form)}`],
		['at /api/', `/api/?chainid=1&${new URLSearchParams(form)}`],
		['with names and words in any case', urlOf('GetAbi', weth).replace('chainid', 'chainId')],
		['with a key', urlOf('getabi', weth, { apikey: 'SECRETOFTHECLIENT' })],
		['with a wrong checksum', urlOf('getabi', weth.replace('aA', 'Aa'))],
		['in capitals', urlOf('getabi', weth.toUpperCase())],
		['with a parameter twice: the first', `${urlOf('getabi', weth)}&address=0x&chainid=0`],
		['with what is not encoded well', `${urlOf('getabi', weth)}&x=%zz%&%00=%00&=&&`],
	])('is answered %s', async ([_, path], { server }) => {
		expect(await read(server, path)).toMatchObject({ status: '1', message: 'OK' });
	});

	test('is answered when it is posted, its chain in the query', async ({ server }) => {
		const init = { method: 'POST', headers, body: new URLSearchParams(form).toString() };
		expect(await read(server, '/v2/api?chainid=1', init)).toMatchObject({ status: '1' });
		const chain = { ...init, body: `${init.body}&chainid=0` };
		expect(await read(server, '/v2/api', chain)).toMatchObject({
			result: expect.stringMatching(/^Missing or/),
		});
	});

	test('that is posted with too much is refused', async ({ server }) => {
		const body = `address=${'0'.repeat(300_000)}`;
		const response = await fetch(`${server.url}/api`, { method: 'POST', headers, body });
		expect(response.status).toBe(413);
		expect(await response.json()).toMatchObject({ status: '0', message: 'NOTOK' });
	});

	const chain =
		'Missing or unsupported chainid parameter (required for v2 api), please see https://api.etherscan.io/v2/chainlist for the list of supported chainids';
	const address = 'Error! Invalid address format';
	test.for<[string, string]>([
		['', 'Error! Missing or invalid Module name'],
		['module=proxy', 'Error! Missing or invalid Module name'],
		['module=contract', 'Error! Missing Or invalid Action name'],
		['module=contract&action=verifysourcecode', 'Error! Missing Or invalid Action name'],
		['module=contract&action=getcontractcreation', address],
		[`module=contract&action=getcontractcreation&contractaddresses=${six}`, address],
		['module=contract&action=getabi', address],
		['module=contract&action=getabi&address=weth.eth', address],
		[`module=contract&action=getabi&address=${weth.slice(2)}`, address],
		[`module=contract&action=getabi&address=${weth}00`, address],
		[`module=contract&action=getabi&address=${weth}%00`, address],
		[`module=contract&action=getabi&address=${'%F0%9F'.repeat(1_000)}`, address],
		['chainid=', chain],
		['chainid=0', chain],
		['chainid=1e0', chain],
		['chainid=999999999999999', chain],
		[`chainid=${'9'.repeat(5_000)}`, chain],
	])('with ?%.60s is refused in the words of Etherscan', async ([query, result], { server }) => {
		expect(await read(server, `/api?${query}`)).toEqual({ status: '0', message: 'NOTOK', result });
	});

	test('of another method is refused, and a web page may ask', async ({ server }) => {
		const put = await fetch(`${server.url}/api`, { method: 'PUT' });
		expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
		const head = await fetch(server.url + urlOf('getabi', weth), { method: 'HEAD' });
		expect([head.status, await head.text()]).toEqual([200, '']);
		expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1_000);
		const preflight = await fetch(`${server.url}/v2/api`, { method: 'OPTIONS' });
		expect(preflight.status).toBe(204);
		expect(preflight.headers.get('access-control-allow-headers')).toBe(
			'Content-Type, Authorization, X-Api-Key',
		);
	});

	test('too fast is refused in the words of Etherscan', async ({ system }) => {
		const slow = await system.server({ REQUESTS_PER_SECOND_PER_CLIENT: '1' });
		const answers = await Promise.all(Array.from({ length: 5 }, () => read(slow, '/api?module=x')));
		expect(answers).toContainEqual(busy);
		await slow.stop();
	});

	test('leaves no key in a log', ({ server }) => {
		expect(server.output()).not.toContain('SECRETOFTHECLIENT');
	});
});

test('the chain list has the form of Etherscan, and its URLs lead here', async ({ server }) => {
	const list = (await (await fetch(`${server.url}/v2/chainlist`)).json()) as {
		totalcount: number;
		result: { chainid: string; apiurl: string; chainname: string; status: number }[];
	};
	expect(list.totalcount).toBe(list.result.length);
	const ethereum = list.result.find(({ chainid }) => chainid === '1');
	// Bundled, or as the emulator's own list names it once the server has read that.
	expect(ethereum?.chainname).toMatch(/^Ethereum( Mainnet)?$/);
	expect(ethereum?.status).toBe(1);
	const url = `${ethereum?.apiurl}&module=contract&action=getabi&address=${weth}`;
	expect(await (await fetch(url)).json()).toMatchObject({ status: '1' });
});
