import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import { filesOf } from '../../domain/source.ts';
import { itemLimits, plainItem } from '../../test/harness/etherscan-item.ts';
import { readItem } from './item.ts';

const a = `0x${'ab'.repeat(20)}`;
const b = `0x${'cd'.repeat(20)}`;
const zero = `0x${'00'.repeat(20)}`;
const self = parseAddress(`0x${'ef'.repeat(20)}`);
const limits = { ...itemLimits, address: self };

const read = (changes: object) => {
	const source = readItem({ ...plainItem, ...changes }, limits);
	if (!source) throw new Error('not verified');
	return source;
};
const filesIn = (changes: object) =>
	Object.fromEntries(
		filesOf(read(changes).standardJson).map(({ path, content }) => [path, content]),
	);

const descriptions: [row: string, changes: object, expected: object][] = [
	['ContractName with spaces', { ContractName: 'Curve.fi Pool' }, { name: 'Curve.fi Pool' }],
	['ContractName with a newline', { ContractName: 'My\nVault\n' }, { name: 'My\nVault' }],
	[
		'ContractName path:Name',
		{ ContractName: 'a/b.vy:Vault' },
		{ name: 'Vault', mainPath: 'a/b.vy' },
	],
	['ContractName with a dash', { ContractName: 'Pool-1' }, { name: 'Pool-1' }],
	['ContractName hostile', { ContractName: '../../x' }, { name: '../../x' }],
	['ContractName a number', { ContractName: 7 }, { name: '7', mainPath: '7.sol' }],
	[
		'CompilerVersion solc',
		{},
		{ compilerVersion: 'v0.8.17+commit.8df45f5f', language: 'Solidity' },
	],
	[
		'CompilerVersion vyper',
		{ CompilerVersion: 'vyper:0.3.10' },
		{ compilerVersion: 'vyper:0.3.10', language: 'Vyper' },
	],
	[
		'CompilerVersion without +commit',
		{ CompilerVersion: 'v0.3.1-2016-04-12-3ad5e82' },
		{ compilerVersion: 'v0.3.1-2016-04-12-3ad5e82', language: 'Solidity' },
	],
	[
		'CompilerVersion nightly',
		{ CompilerVersion: 'v0.4.9-nightly.2017.1.13+commit.392ef5f4' },
		{ compilerVersion: 'v0.4.9-nightly.2017.1.13+commit.392ef5f4' },
	],
	['CompilerType vyper', { CompilerType: 'vyper' }, { language: 'Vyper' }],
	['CompilerType solc-j', { CompilerType: 'solc-j' }, { language: 'Solidity' }],
	['CompilerType absent', { CompilerType: undefined }, { language: 'Solidity' }],
	['OptimizationUsed 1', {}, { optimizer: { enabled: true, runs: 200 } }],
	['OptimizationUsed 0', { OptimizationUsed: '0' }, { optimizer: { enabled: false, runs: 200 } }],
	[
		'OptimizationUsed empty',
		{ OptimizationUsed: '' },
		{ optimizer: { enabled: false, runs: 200 } },
	],
	[
		'OptimizationUsed a number',
		{ OptimizationUsed: 1 },
		{ optimizer: { enabled: true, runs: 200 } },
	],
	['Runs empty', { Runs: '' }, { optimizer: { enabled: true, runs: null } }],
	['Runs a number', { Runs: 999 }, { optimizer: { enabled: true, runs: 999 } }],
	['ConstructorArguments', { ConstructorArguments: '00AB' }, { constructorArguments: '0x00AB' }],
	['EVMVersion Default', { EVMVersion: 'Default' }, { evmVersion: null }],
	['EVMVersion default', { EVMVersion: 'default' }, { evmVersion: null }],
	['EVMVersion Unknown', { EVMVersion: 'Unknown' }, { evmVersion: null }],
	['EVMVersion empty', { EVMVersion: '' }, { evmVersion: null }],
	['EVMVersion paris', { EVMVersion: 'paris' }, { evmVersion: 'paris' }],
	[
		'Library with and without 0x',
		{ Library: `A:${a.slice(2)};B:${b}` },
		{
			libraries: [
				{ name: 'A', address: a },
				{ name: 'B', address: b },
			],
		},
	],
	[
		'Library with its path',
		{ Library: `lib/A.sol:A:${a}` },
		{ libraries: [{ name: 'A', address: a }] },
	],
	['Library hostile', { Library: `:${a};__proto__:;;A:0x12` }, { libraries: [] }],
	['ContractFileName empty', { ContractFileName: '' }, { mainPath: 'Token.sol' }],
	['ContractFileName', { ContractFileName: 'src/Main.sol' }, { mainPath: 'src/Main.sol' }],
	['ContractFileName path:Name', { ContractFileName: 'src/M.sol:T' }, { mainPath: 'src/M.sol' }],
	['LicenseType empty', { LicenseType: '' }, { license: null }],
	['LicenseType None', { LicenseType: 'None' }, { license: null }],
	['LicenseType Unknown', { LicenseType: 'Unknown' }, { license: null }],
	['LicenseType MIT', { LicenseType: 'MIT' }, { license: 'MIT' }],
	['LicenseType absent', { LicenseType: undefined }, { license: null }],
	['Proxy 0', { Proxy: '0', Implementation: '' }, { implementations: [] }],
	['Proxy 1', { Proxy: '1', Implementation: a }, { implementations: [a] }],
	['Implementation in another case', { Implementation: a.toUpperCase() }, { implementations: [a] }],
	['Implementation of itself', { Implementation: self }, { implementations: [] }],
	['Implementation zero', { Implementation: zero }, { implementations: [] }],
	['Implementation no address', { Implementation: 'none' }, { implementations: [] }],
	['SwarmSource', { SwarmSource: 'bzzr://00' }, { name: 'Token' }],
	['SimilarMatch beside a source', { SimilarMatch: a }, { similarMatch: a, match: 'UNKNOWN' }],
	['SimilarMatch of itself', { SimilarMatch: self }, { similarMatch: null }],
	['SimilarMatch empty', { SimilarMatch: '' }, { similarMatch: null }],
	[
		'2024: without CompilerType, ContractFileName, SimilarMatch',
		{ CompilerType: undefined, ContractFileName: undefined, SimilarMatch: undefined },
		{ name: 'Token', similarMatch: null },
	],
];

describe('1.3', () => {
	test.each(descriptions)('%s', (_row, changes, expected) => {
		expect(read(changes).description).toMatchObject(expected);
	});

	test.each<[row: string, item: object]>([
		['SourceCode empty', { ...plainItem, SourceCode: '' }],
		['SourceCode empty beside SimilarMatch', { ...plainItem, SourceCode: '', SimilarMatch: a }],
		[
			'the answer of an unverified contract, or of none',
			{
				...plainItem,
				SourceCode: '',
				ABI: 'Contract source code not verified',
				ContractName: '',
				CompilerVersion: '',
				EVMVersion: 'Default',
				LicenseType: 'Unknown',
			},
		],
	])('%s is not verified', (_row, item) => {
		expect(readItem(item, limits)).toBeNull();
	});

	test.each<[row: string, ABI: unknown, expected: unknown]>([
		['ABI JSON text', '[{"type":"receive"}]', [{ type: 'receive' }]],
		['ABI array', [{ type: 'receive' }], [{ type: 'receive' }]],
		['ABI words', 'Contract source code not verified', null],
		['ABI null', null, null],
	])('%s', (_row, ABI, expected) => {
		expect(read({ ABI }).abi).toEqual(expected);
	});
});

const files = { 'b.sol': 'contract Token {}\r\n', 'a.sol': '\uFEFFlibrary A {}' };
const sources = { 'b.sol': { content: files['b.sol'] }, 'a.sol': { content: files['a.sol'] } };
const standard = { sources, settings: { viaIR: true }, language: 'Solidity' };
const json = JSON.stringify(standard);

describe('1.4 and 1.9: the shape of SourceCode', () => {
	test.each<[row: string, changes: object, expected: object]>([
		['plain', { SourceCode: ' contract Token {}\r\n' }, { 'Token.sol': ' contract Token {}\r\n' }],
		['plain, begins with a brace', { SourceCode: '{ x' }, { 'Token.sol': '{ x' }],
		[
			'plain, cut short',
			{ SourceCode: `{${json.slice(0, -3)}` },
			{ 'Token.sol': `{${json.slice(0, -3)}` },
		],
		['{{ }}', { SourceCode: `{${json}}` }, files],
		['{{ }} with line ends', { SourceCode: `{{\r\n${json.slice(1, -1)}\r\n}}\n` }, files],
		['{{ }} after a byte order mark', { SourceCode: `\uFEFF{${json}}` }, files],
		['{ } standard JSON', { SourceCode: json }, files],
		['{ } path to content', { SourceCode: JSON.stringify(sources) }, files],
		['{ } path to text', { SourceCode: JSON.stringify(files) }, files],
		['an object', { SourceCode: standard }, files],
		[
			'Vyper plain',
			{ CompilerVersion: 'vyper:0.2.12', SourceCode: '#\r\n' },
			{ 'Token.vy': '#\r\n' },
		],
		['one file without a name', { ContractName: '' }, { 'Contract.sol': plainItem.SourceCode }],
		[
			'Blockscout flavour',
			{
				FileName: 'src/Token.sol',
				AdditionalSources: [{ Filename: 'src/A.sol', SourceCode: '{"a":1}' }],
			},
			{ 'src/Token.sol': plainItem.SourceCode, 'src/A.sol': '{"a":1}' },
		],
		[
			'Blockscout flavour, FileName empty',
			{ FileName: '', AdditionalSources: [{ Filename: 'A.sol', SourceCode: '' }] },
			{ 'Token.sol': plainItem.SourceCode, 'A.sol': '' },
		],
		[
			'Blockscout flavour, FileName empty and its name taken',
			{ FileName: '', AdditionalSources: [{ Filename: 'Token.sol', SourceCode: 'x' }] },
			{ 'main/Token.sol': plainItem.SourceCode, 'Token.sol': 'x' },
		],
		[
			'Blockscout flavour, a main text that is JSON',
			{
				SourceCode: '{"a":"b"}',
				FileName: 'a.json',
				AdditionalSources: [{ Filename: 'b.vy', SourceCode: '' }],
			},
			{ 'a.json': '{"a":"b"}', 'b.vy': '' },
		],
	])('%s', (_row, changes, expected) => {
		expect(filesIn(changes)).toEqual(expected);
	});

	test.each<[row: string, changes: object]>([
		['{{ }} with urls only', { SourceCode: '{{"sources":{"a.sol":{"urls":["ipfs://x"]}}}}' }],
		['{ } without a file', { SourceCode: '{}' }],
		['AdditionalSources without content', { AdditionalSources: [{ Filename: 'a.sol' }] }],
		['AdditionalSources of null', { AdditionalSources: [null] }],
		[
			'two files of one path',
			{ FileName: 'a.sol', AdditionalSources: [{ Filename: 'a.sol', SourceCode: 'x' }] },
		],
	])('%s is malformed', (_row, changes) => {
		expect(() => read(changes)).toThrow(
			expect.objectContaining({ class: 'MALFORMED', message: expect.stringMatching(/file/) }),
		);
	});

	test.each<[row: string, item: unknown]>([
		['address-only', { Address: a }],
		['address and words', { Address: a, ABI: 'Contract source code not verified' }],
		[
			'AdditionalSources of a twin, no source',
			{ Address: a, SourceCode: '', AdditionalSources: [] },
		],
	])('%s is not verified', (_row, item) => {
		expect(readItem(item, limits)).toBeNull();
	});
});
