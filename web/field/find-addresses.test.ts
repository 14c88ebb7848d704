import { getAddress } from 'viem';
import { expect, test } from 'vitest';
import { checksummed } from './checksum.ts';
import { chainOfLink, findAddresses } from './find-addresses.ts';

const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
const factory = '0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f';

test('checksums are those of EIP-55', () => {
	for (let n = 0; n < 50; n += 1) {
		const address = `0x${(BigInt(n + 1) * 0x9e3779b97f4a7c15f39cc0605cedc8341082276bn).toString(16).padStart(40, '0').slice(-40)}`;
		expect(checksummed(address)).toBe(getAddress(address));
	}
});

test.each([
	['alone', weth],
	['in lower case', weth.toLowerCase()],
	['without 0x', weth.slice(2)],
	['in prose', `Look at ${weth}, please.`],
	['in a link', `https://etherscan.io/address/${weth}#code`],
	['in code', `const weth = "${weth}";`],
	['with 0X', `0X${weth.slice(2)}`],
])('an address is found %s', (_, text) => {
	expect(findAddresses(text)).toEqual({ addresses: [weth], wrong: [] });
});

test('many are found in their order, each once', () => {
	const text = `${factory}\t${weth}\n${factory.toLowerCase()};${weth}`;
	expect(findAddresses(text).addresses).toEqual([factory, weth]);
});

test.each([
	['0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756CcG', /“G” at position 42/, 41],
	['0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc', /39 hex digits.*1 missing/, null],
	['0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc22', /41 hex digits.*1 too many/, null],
	['0xc02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2', /checksum/, null],
	[`0x${'ab'.repeat(32)}`, /transaction/, null],
	['weth', /starts with 0x/, 0],
])('what is wrong with %s is said, and where', (text, problem, at) => {
	const { addresses, wrong } = findAddresses(text);
	expect(addresses).toEqual([]);
	expect(wrong).toEqual([{ text, problem: expect.stringMatching(problem), at }]);
});

test('what is right is found beside what is wrong', () => {
	const found = findAddresses(`${weth} 0x123 ${factory}`);
	expect(found.addresses).toEqual([weth, factory]);
	expect(found.wrong.map(({ text }) => text)).toEqual(['0x123']);
});

test('nothing is wrong with nothing', () => {
	expect(findAddresses(' \n')).toEqual({ addresses: [], wrong: [] });
});

test('the link of an explorer tells the chain', () => {
	const chains = [
		{ id: 1, explorerUrl: 'https://etherscan.io' },
		{ id: 137, explorerUrl: 'https://polygonscan.com' },
		{ id: 5, explorerUrl: null },
	];
	expect(chainOfLink(`https://www.polygonscan.com/address/${weth}`, chains)).toBe(137);
	expect(chainOfLink(`https://example.org/${weth}`, chains)).toBeNull();
	expect(chainOfLink(weth, chains)).toBeNull();
});
