import { describe, expect, test } from 'vitest';
import { rejection, serve } from '../../test/harness/http-server.ts';
import { UpstreamFailure } from '../failure.ts';
import { chainListOrigin, chainListUrl, fetchChainList, readChainList } from './chain-list.ts';

const going = new AbortController().signal;
const silent = () => {};
const limits = { timeoutMs: 5_000, maxBytes: 10_000 };

const ethereum = {
	chainname: 'Ethereum Mainnet',
	chainid: '1',
	blockexplorer: 'https://etherscan.io/',
	apiurl: 'https://api.etherscan.io/v2/api?chainid=1',
	status: 1,
	comment: '',
};

function body(...rows: unknown[]): string {
	return JSON.stringify({ comments: 'List', totalcount: rows.length, result: rows });
}

test('a row is a chain, with its explorer without a last slash', () => {
	expect(readChainList(body(ethereum))).toEqual([
		{ id: 1, name: 'Ethereum Mainnet', explorerUrl: 'https://etherscan.io' },
	]);
});

test.each([
	['a number as id', { chainid: 1 }, { id: 1 }],
	['an id with spaces', { chainid: ' 56 ' }, { id: 56 }],
	['the greatest id', { chainid: '2147483647' }, { id: 2147483647 }],
	['a chain that is offline', { status: 0 }, { id: 1 }],
	['a row with its id and name alone', { status: undefined, apiurl: undefined }, { id: 1 }],
	['a name with line breaks', { chainname: ' A\r\n\u202eB\u0000 ' }, { name: 'A B' }],
	['a long name', { chainname: 'x'.repeat(500) }, { name: 'x'.repeat(100) }],
	['no explorer', { blockexplorer: '' }, { explorerUrl: null }],
	['an explorer that is null', { blockexplorer: null }, { explorerUrl: null }],
	['a script as explorer', { blockexplorer: 'javascript:alert(1)' }, { explorerUrl: null }],
	['a bare host as explorer', { blockexplorer: 'etherscan.io' }, { explorerUrl: null }],
	[
		'an explorer with a password and a query',
		{ blockexplorer: 'http://a:b@x.io/path//?q=1#z' },
		{ explorerUrl: 'http://x.io/path' },
	],
])('%s is read', (_, change, expected) => {
	expect(readChainList(body({ ...ethereum, ...change }))).toMatchObject([expected]);
});

test.each([
	['0'],
	['-1'],
	['01'],
	['1e3'],
	['0x89'],
	['1.5'],
	[''],
	['2147483648'],
	['99999999999999999999'],
	[null],
	[{}],
])('a row with the id %j is left out', (chainid) => {
	const other = { ...ethereum, chainid: '56' };
	expect(readChainList(body({ ...ethereum, chainid }, other)).map(({ id }) => id)).toEqual([56]);
});

test('of two rows with one id the first is taken', () => {
	const twice = readChainList(body(ethereum, { ...ethereum, chainname: 'Other' }));
	expect(twice).toMatchObject([{ name: 'Ethereum Mainnet' }]);
});

describe('no list of chains', () => {
	test.each([
		['nothing', ''],
		['HTML', '<html>Just a moment...</html>'],
		['JSON that is cut', body(ethereum).slice(0, -3)],
		['an empty list', body()],
		['a bare list', JSON.stringify([ethereum])],
		['a refusal', '{"status":"0","message":"NOTOK","result":"Max rate limit reached"}'],
		['no result', '{}'],
		['null', 'null'],
		['rows of another form', body({ name: 'Ethereum', id: 1 }, 'x', null)],
		['rows without names', body({ ...ethereum, chainname: '\n ' })],
		['a few good rows among many', body(ethereum, {}, {})],
	])('is %s', (_, text) => {
		expect(() => readChainList(text)).toThrow(UpstreamFailure);
	});
});

test('it stands on the server of the API, whatever the path there', () => {
	expect(chainListUrl('https://user:pass@api.etherscan.io/v2/api?x=1').href).toBe(
		'https://api.etherscan.io/v2/chainlist',
	);
	const config = { ETHERSCAN_URL: 'http://127.0.0.1:4242/v2/api' };
	expect(chainListOrigin(config)).toBe('127.0.0.1');
	expect(chainListOrigin({ ...config, SOURCES: ['sourcify', 'etherscan'] })).toBe('127.0.0.1');
	expect(chainListOrigin({ ...config, SOURCES: ['sourcify'] })).toBeNull();
});

test('it is asked for without a key', async () => {
	const asked: (string | undefined)[] = [];
	await using server = await serve((request, response) => {
		asked.push(request.url);
		response.end(body(ethereum));
	});
	expect(await fetchChainList(chainListUrl(server.url), limits, silent, going)).toHaveLength(1);
	expect(asked).toEqual(['/v2/chainlist']);
});

test.each([[500], [429], [403], [404], [302]])('HTTP %i is a failure', async (status) => {
	await using server = await serve((_, response) => {
		response.writeHead(status, { location: '/' }).end(body(ethereum));
	});
	const failure = await rejection(fetchChainList(chainListUrl(server.url), limits, silent, going));
	expect(failure).toBeInstanceOf(UpstreamFailure);
	expect(String(failure)).toContain(`HTTP ${status}`);
});

test('a stop ends the request with its reason', async () => {
	const stop = new AbortController();
	const reason = new Error('stopped');
	await using server = await serve(() => stop.abort(reason));
	const url = chainListUrl(server.url);
	expect(await rejection(fetchChainList(url, limits, silent, stop.signal))).toBe(reason);
});
