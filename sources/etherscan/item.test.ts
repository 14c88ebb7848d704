import { describe, expect, test } from 'vitest';
import { filesOf } from '../../domain/source.ts';
import { itemLimits, plainItem } from '../../test/harness/etherscan-item.ts';
import { readItem } from './item.ts';

const limits = itemLimits;
const text = 'pragma solidity 0.8.17;\r\n\r\ncontract Token {}\r\n';
const library = `0x${'ab'.repeat(20)}`;

const plain = { ...plainItem, SourceCode: text };

const delivered = {
	settings: {
		optimizer: { enabled: true, runs: 999 },
		evmVersion: 'paris',
		libraries: { 'lib/Math.sol': { Math: library } },
		remappings: ['@a/=lib/a/'],
	},
	sources: {
		'lib/Math.sol': { content: '// contract Token {}\nlibrary Math {}' },
		'contracts/Main.sol': { content: 'import "./Math.sol";\ncontract Token {}\n' },
	},
	language: 'Solidity',
};
const wrapped = (json: unknown) => `{${JSON.stringify(json)}}`;
const standard = { ...plain, SourceCode: wrapped(delivered) };

const read = (item: unknown) => {
	const source = readItem(item, limits);
	if (!source) throw new Error('not verified');
	return source;
};
const contentsOf = (item: unknown) =>
	filesOf(read(item).standardJson).map(({ path, content }) => [path, content]);

describe('a plain source', () => {
	test('is described, and its standard JSON rebuilt', () => {
		const source = read(plain);
		expect(source.description).toEqual({
			hash: expect.stringMatching(/^[0-9a-f]{64}$/),
			abiHash: expect.stringMatching(/^[0-9a-f]{64}$/),
			abiSize: expect.any(Number),
			provider: 'ETHERSCAN',
			origin: 'api.example',
			name: 'Token',
			language: 'Solidity',
			compilerVersion: 'v0.8.17+commit.8df45f5f',
			evmVersion: null,
			optimizer: { enabled: true, runs: 200 },
			license: 'MIT',
			constructorArguments: '0x00ff',
			...{ argumentsHash: null, argumentsSize: 0, proxyKind: null, creation: null },
			delivered: {
				...{ swarmSource: '', library: '', evmVersion: 'Default', licenseType: 'MIT' },
			},
			libraries: [],
			viaIr: false,
			remappings: [],
			similarMatch: null,
			implementations: [],
			match: 'UNKNOWN',
			mainPath: 'Token.sol',
			fileCount: 1,
			size: text.length,
		});
		expect(source.standardJson).toEqual({
			language: 'Solidity',
			sources: { 'Token.sol': { content: text } },
			settings: {
				optimizer: { enabled: true, runs: 200 },
				outputSelection: { '*': { '*': ['*'] } },
			},
		});
		expect(source.abi).toEqual([{ type: 'function', name: 'f' }]);
	});

	test('has what it was compiled with in its settings', () => {
		const item = { ...plain, EVMVersion: 'paris', Runs: '', Library: `Math:${library}` };
		expect(read(item).standardJson.settings).toEqual({
			optimizer: { enabled: true },
			evmVersion: 'paris',
			libraries: { 'Token.sol': { Math: library } },
			outputSelection: { '*': { '*': ['*'] } },
		});
	});

	test.each([
		[{ ContractFileName: 'src/Main.sol' }, 'src/Main.sol'],
		[{ ContractFileName: 'src/Main.sol:Token' }, 'src/Main.sol'],
		[{ ContractName: 'src/Main.sol:Token' }, 'src/Main.sol'],
		[{ ContractName: '' }, 'Contract.sol'],
		[{ ContractName: '__proto__', ContractFileName: '__proto__' }, '__proto__'],
		[{ CompilerVersion: 'vyper:0.3.10', ContractName: 'Vault' }, 'Vault.vy'],
		[{ CompilerVersion: 'vyper:0.2.12', ContractName: 'My\n best / Vault ' }, 'My_best_Vault.vy'],
		[{ CompilerType: 'vyper', ContractName: 'Vault' }, 'Vault.vy'],
		[{ SourceCode: 'object "Pool-1" {\n}', ContractName: 'Pool-1' }, 'Pool-1.yul'],
	])('with %j is the file %j', (changes, path) => {
		const item = { ...plain, ...changes };
		expect(contentsOf(item)).toEqual([[path, item.SourceCode]]);
		expect(read(item).description.mainPath).toBe(path);
	});

	test('in Vyper keeps its line ends', () => {
		const item = { ...plain, SourceCode: '# @version 0.2.12\r\n', CompilerVersion: 'vyper:0.2.12' };
		expect(contentsOf(item)).toEqual([['Token.vy', '# @version 0.2.12\r\n']]);
		expect(read(item).description.language).toBe('Vyper');
	});
});

describe('standard JSON', () => {
	test('stays as it was delivered', () => {
		expect(read(standard).standardJson).toEqual(delivered);
	});

	test('keeps fields beside the sources', () => {
		const json = { ...delivered, interfaces: { 'i.json': { abi: [] } } };
		expect(read({ ...plain, SourceCode: json }).standardJson).toEqual(json);
	});

	test('fills in what the fields of the item leave open', () => {
		const open = { ...standard, OptimizationUsed: '', Runs: '', EVMVersion: 'default' };
		expect(read(open).description).toMatchObject({
			evmVersion: 'paris',
			optimizer: { enabled: true, runs: 999 },
			libraries: [{ name: 'Math', address: library }],
			mainPath: 'contracts/Main.sol',
			fileCount: 2,
		});
	});

	test('in Vyper without settings gets them rebuilt', () => {
		const json = { language: 'Vyper', sources: { 'a.vy': { content: 'x' } } };
		const item = { ...plain, SourceCode: wrapped(json), OptimizationUsed: '0', Runs: '' };
		expect(read(item)).toMatchObject({
			description: { language: 'Vyper', mainPath: 'a.vy' },
			standardJson: {
				...json,
				settings: { outputSelection: { '*': ['*'] } },
			},
		});
	});

	test('without a language has that of its compiler', () => {
		const json = { sources: { 'a.vy': { content: 'x' }, 'i.vyi': { content: 'y' } } };
		const item = { ...plain, SourceCode: wrapped(json), CompilerVersion: 'vyper:0.4.0' };
		expect(read(item)).toMatchObject({
			description: { language: 'Vyper' },
			standardJson: { language: 'Vyper' },
		});
	});

	test('in another language keeps its language and file names', () => {
		const json = { language: 'Yul', sources: { 'pool-1': { content: 'object "p" {}' } } };
		const item = { ...plain, SourceCode: wrapped(json), ContractName: 'pool-1' };
		expect(read(item).description).toMatchObject({ language: 'Yul', mainPath: 'pool-1' });
	});

	test('names the contract and its file by the compilation target', () => {
		const settings = { compilationTarget: { 'lib/Math.sol': 'Math' } };
		const item = { ...plain, ContractName: '', SourceCode: { ...delivered, settings } };
		expect(read(item).description).toMatchObject({ name: 'Math', mainPath: 'lib/Math.sol' });
	});
});

test('a map of files gets its settings rebuilt', () => {
	const item = { ...plain, SourceCode: JSON.stringify(delivered.sources), EVMVersion: 'istanbul' };
	expect(read(item)).toMatchObject({
		description: { mainPath: 'contracts/Main.sol', evmVersion: 'istanbul' },
		standardJson: {
			language: 'Solidity',
			sources: delivered.sources,
			settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'istanbul' },
		},
	});
});

const notVerified = 'Contract source code not verified';
test.each([
	['an empty source', { ...plain, SourceCode: '', ABI: notVerified }],
	['an empty source beside a good ABI', { ...plain, SourceCode: '' }],
	['an empty source beside a similar match', { SourceCode: '', SimilarMatch: library }],
	['no source and an ABI that says so', { SourceCode: null, ABI: notVerified }],
	['no source and an ABI that says so otherwise', { SourceCode: null, ABI: `${notVerified}. ` }],
	['a source that is the sentence itself', { ...plain, SourceCode: `${notVerified}.` }],
	['an address alone', { Address: library }],
])('%s is not verified', (_what, item) => {
	expect(readItem(item, limits)).toBeNull();
});

test.each([
	['an empty object', {}],
	['no source beside other fields', { ...plain, SourceCode: undefined }],
	['null as source', { ...plain, SourceCode: null }],
	['an address and a name alone', { Address: library, ContractName: 'Token' }],
	['a number as source', { ...plain, SourceCode: 7 }],
	['a source by URL only', { ...plain, SourceCode: '{{"sources":{"a.sol":{"urls":[]}}}}' }],
	['no list of further files', { ...plain, AdditionalSources: { 'a.sol': 'x' } }],
	['a text as list of further files', { ...plain, AdditionalSources: 'a.sol' }],
	['null', null],
	['a text', 'Max rate limit reached'],
	['a list', []],
])('%s is malformed, never "not verified"', (_what, item) => {
	expect(() => readItem(item, limits)).toThrow(
		expect.objectContaining({ code: 'MALFORMED_RESPONSE', followUp: { kind: 'final' } }),
	);
});

test('a source over the limit is too large', () => {
	expect(() => readItem(plain, { ...limits, maxSourceBytes: 10 })).toThrow(
		expect.objectContaining({ code: 'SOURCE_TOO_LARGE' }),
	);
});
