import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import type { FetchedSource } from '../../domain/source.ts';
import { readItem } from '../../sources/etherscan/item.ts';
import { stored } from '../../test/harness/downloads.ts';
import { itemLimits, plainItem } from '../../test/harness/etherscan-item.ts';
import { toItem, unverifiedItemOf } from './item.ts';

/** What our reader makes of an item, written again, and what it makes of that. */
function roundTrip(given: Record<string, unknown>) {
	const first = readItem({ ...plainItem, ...given }, itemLimits);
	if (!first) throw new Error('the item has no source');
	const written = write(first);
	return { first, written, second: readItem(written, itemLimits) };
}

function write({ description, standardJson, abi }: FetchedSource) {
	return toItem({ ...description, fetchedAt: new Date(0) }, standardJson, abi);
}

const twin = '0x00000000000000000000000000000000000000aa';
const standard = {
	language: 'Solidity',
	sources: { 'b/B.sol': { content: 'contract B {}\r\n' }, 'a.sol': { content: '// {{ }}\u200b' } },
	settings: {
		optimizer: { enabled: true, runs: 7 },
		evmVersion: 'paris',
		viaIR: true,
		remappings: ['@oz/=lib/'],
		libraries: { 'a.sol': { L: twin } },
	},
};
const wrapped = `{{\r\n${JSON.stringify(standard, null, 2).slice(1, -1)}}}`;

describe('an item that is read and written again', () => {
	test.each([
		['one file', {}],
		['text in CRLF with a byte order mark', { SourceCode: '\uFEFFcontract T {}\r\n' }],
		['text that looks like JSON', { SourceCode: '{ not JSON' }],
		['a file that is named', { ContractFileName: 'src/Token.sol' }],
		['a contract named with its path', { ContractName: 'src/Token.sol:Token' }],
		['a library', { Library: `L:${twin.slice(2)};M:${twin}` }],
		['the optimizer off', { OptimizationUsed: '0', Runs: '0' }],
		['an EVM version', { EVMVersion: 'london' }],
		[
			'Vyper',
			{
				CompilerVersion: 'vyper:0.3.10',
				CompilerType: 'vyper',
				ContractName: 'Vyper_contract',
				SourceCode: '# @version 0.3.10\n',
				Runs: '0',
				OptimizationUsed: '0',
			},
		],
		[
			'Vyper with a free title',
			{
				CompilerVersion: 'vyper:0.2.4',
				CompilerType: 'vyper',
				ContractName: 'Curve.fi DAO/CRV Token: v1\n',
				SourceCode: '# @version 0.2.4\r\n# (c) Someone, 2020\r\nowner: public(address)\r\n',
				Runs: '0',
				OptimizationUsed: '0',
			},
		],
	])('stays plain text with its settings: %s', (_, given) => {
		const { first, written, second } = roundTrip(given);
		expect(written.SourceCode).toBe({ ...plainItem, ...given }.SourceCode);
		expect(second).toEqual(first);
	});

	test.each([
		['several files with settings', { SourceCode: wrapped, ContractName: 'B' }],
		['one file with settings of its own', { SourceCode: oneFileWith({ viaIR: true }) }],
		[
			'a map of files',
			{ SourceCode: JSON.stringify({ 'a.sol': { content: 'contract Token {}' }, 'b.sol': '' }) },
		],
		['one empty file', { SourceCode: '{"a.sol":{"content":""}}' }],
		[
			'one file that holds JSON of another kind',
			{ SourceCode: '{"a.sol":{"content":"{\\"b\\":1}"}}' },
		],
		['one file that holds JSON', { SourceCode: '{"a.sol":{"content":"{\\"b\\":\\"c\\"}"}}' }],
		[
			'Vyper with interfaces',
			{
				CompilerVersion: 'vyper:0.4.0',
				SourceCode: `{${JSON.stringify({ language: 'Vyper', sources: { 'a.vy': { content: '#' }, 'i.json': { content: '[]' } } })}}`,
			},
		],
		['a file called __proto__', { SourceCode: '{"__proto__":{"content":"x"},"y":{"content":""}}' }],
	])('is {{standard JSON}} exactly as it is stored: %s', (_, given) => {
		const { first, written, second } = roundTrip(given);
		expect(written.SourceCode).toBe(`{${JSON.stringify(first.standardJson)}}`);
		expect(second).toEqual(first);
	});
});

test('a large file is never plain: to see whether that loses anything would take too long', () => {
	const text = `contract Token { /* ${'x'.repeat(300_000)} */ }`;
	const { first, written, second } = roundTrip({ SourceCode: text });
	expect(written.SourceCode).toBe(`{${JSON.stringify(first.standardJson)}}`);
	expect(second).toEqual(first);
});

function oneFileWith(settings: object): string {
	const sources = { 'a.sol': { content: 'contract Token {}' } };
	return `{${JSON.stringify({ language: 'Solidity', sources, settings })}}`;
}

test('every field has the order, the spelling and the form of Etherscan', () => {
	const { written } = roundTrip({
		SourceCode: wrapped,
		ContractName: 'B',
		ContractFileName: 'b/B.sol',
		Implementation: twin.toUpperCase().replace('0X', '0x'),
		Proxy: '1',
		SimilarMatch: twin,
		LicenseType: 'GNU LGPLv3',
		EVMVersion: 'paris',
		SwarmSource: 'ipfs://Qm',
	});
	expect(Object.keys(written)).toEqual(Object.keys(plainItem));
	expect(written).toMatchObject({
		ABI: plainItem.ABI,
		ContractName: 'B',
		CompilerVersion: 'v0.8.17+commit.8df45f5f',
		CompilerType: 'solc-j',
		OptimizationUsed: '1',
		Runs: '7',
		ConstructorArguments: '00ff',
		EVMVersion: 'paris',
		Library: '',
		ContractFileName: 'b/B.sol',
		LicenseType: 'GNU LGPLv3',
		Proxy: '1',
		Implementation: twin,
		SwarmSource: 'ipfs://Qm',
		SimilarMatch: twin,
	});
});

test.each([
	['SwarmSource', 'bzzr://00ff'],
	['Library', `L:${twin.slice(2)};M:${twin.toUpperCase()}`],
	['Library', 'not a library'],
	['EVMVersion', 'Unknown'],
	['EVMVersion', 'default'],
	['EVMVersion', ''],
	['LicenseType', 'None'],
	['LicenseType', ''],
])('%s is given back as it was delivered: %j', (field, text) => {
	expect(roundTrip({ [field]: text }).written).toHaveProperty(field, text);
});

test('a contract without a source is one proxy of the first that it leads to', () => {
	expect(unverifiedItemOf(null)).toMatchObject({ SourceCode: '', Proxy: '0', Implementation: '' });
	expect(unverifiedItemOf(parseAddress(twin))).toMatchObject({
		...{ SourceCode: '', ABI: 'Contract source code not verified' },
		...{ Proxy: '1', Implementation: twin },
	});
});

test('what is not known has the word that Etherscan has for it, and numbers stay numbers', () => {
	const source = stored.source;
	if (!source) throw new Error('the fixture has no source');
	const plain = { ...source, optimizer: { enabled: false, runs: null } };
	const input = { language: 'Solidity', sources: { 'a.sol': { content: 'x' } }, settings: {} };
	expect(toItem(plain, input, null)).toMatchObject({
		ABI: '[]',
		OptimizationUsed: '0',
		Runs: '200',
		ConstructorArguments: '',
		EVMVersion: 'Default',
		Library: '',
		ContractFileName: '',
		LicenseType: 'Unknown',
		Proxy: '0',
		Implementation: '',
		SimilarMatch: '',
	});
});

test.each([
	['Solidity', '0.8.9+commit.e5eed63a', 'v0.8.9+commit.e5eed63a'],
	['Solidity', 'v0.1.1+commit.6ff4cd6', 'v0.1.1+commit.6ff4cd6'],
	['Vyper', '0.3.10', 'vyper:0.3.10'],
	['Vyper', 'vyper:0.3.10', 'vyper:0.3.10'],
])('the version of %s %s is written %s', (language, compilerVersion, expected) => {
	const source = stored.source;
	if (!source) throw new Error('the fixture has no source');
	const input = { language, sources: { a: { content: 'x' } }, settings: {} };
	const item = toItem({ ...source, language, compilerVersion }, input, []);
	expect(item.CompilerVersion).toBe(expected);
});
