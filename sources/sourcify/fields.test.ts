import { describe, expect, test } from 'vitest';
import { asked, contract, library, stdJsonInput } from '../../test/harness/sourcify-contract.ts';
import type { JsonObject } from '../reading/values.ts';
import { readContract } from './contract.ts';

const describeWith = (changes: JsonObject) =>
	readContract({ ...contract, ...changes }, asked).description;
const compiled = (changes: object) =>
	describeWith({ compilation: { ...contract.compilation, ...changes } });
const set = (settings: unknown, language = 'Solidity') =>
	describeWith({ stdJsonInput: { ...stdJsonInput, language, settings }, compilation: {} });
const other = `0x${'cd'.repeat(20)}`;

test.each([
	['exact_match', 'EXACT'],
	['match', 'PARTIAL'],
	['full_match', 'UNKNOWN'],
])('the match %s is %s', (match, expected) => {
	expect(describeWith({ match }).match).toBe(expected);
});

test.each([
	['Solidity', '0.8.19+commit.7dd6d404', 'v0.8.19+commit.7dd6d404'],
	['Solidity', 'v0.8.19+commit.7dd6d404', 'v0.8.19+commit.7dd6d404'],
	[
		'Solidity',
		'0.8.31-nightly.2025.8.11+commit.635fe8f8',
		'v0.8.31-nightly.2025.8.11+commit.635fe8f8',
	],
	['Yul', '0.8.19+commit.7dd6d404', 'v0.8.19+commit.7dd6d404'],
	['Vyper', '0.3.10+commit.91361694', 'vyper:0.3.10+commit.91361694'],
	['Vyper', 'vyper:0.3.10', 'vyper:0.3.10'],
	['Fe', '26.0.0', '26.0.0'],
	['Solidity', ' 0.4.11 ', 'v0.4.11'],
	['Solidity', '', ''],
	['Solidity', null, ''],
	['Solidity', 8, ''],
])('the %s compiler %j is %j', (language, compilerVersion, expected) => {
	const compilation = { ...contract.compilation, compilerVersion };
	const changes = { compilation, stdJsonInput: { ...stdJsonInput, language } };
	expect(describeWith(changes).compilerVersion).toBe(expected);
});

describe('the name and its file', () => {
	const files = (...paths: string[]) => ({
		sources: Object.fromEntries(paths.map((path) => [path, { content: '' }])),
	});
	const named = (compilation: unknown, ...paths: string[]) => {
		const { name, mainPath } = describeWith({ compilation, stdJsonInput: files(...paths) });
		return [name, mainPath];
	};

	test.each([
		['Token', 'src/A.sol:Token', ['Token', 'src/A.sol']],
		['Token', 'https://host:80/A.sol:Token', ['Token', 'https://host:80/A.sol']],
		['Token', 'C:/A.sol:Token', ['Token', 'C:/A.sol']],
		['My Vault', 'vault.vy:My Vault', ['My Vault', 'vault.vy']],
		['My\nVault ', 'vault.vy:My\nVault ', ['My\nVault', 'vault.vy']],
		['pool-1', 'pool.yul:pool-1', ['pool-1', 'pool.yul']],
		['Counter', 'src/lib.fe:Counter', ['Counter', 'src/lib.fe']],
		['src/A.sol:Token', 'src/A.sol:Token', ['Token', 'src/A.sol']],
		['', 'src/A.sol:Token', ['Token', 'src/A.sol']],
		[null, 'src/A.sol:Token', ['Token', 'src/A.sol']],
		['Other', 'src/A.sol:Token', ['Other', 'src/A.sol']],
	])('of %j in %j are %j', (name, fullyQualifiedName, expected) => {
		const path = expected[1] ?? '';
		expect(named({ name, fullyQualifiedName }, 'first.sol', path, 'last.sol')).toEqual(expected);
	});

	test('are found in the compilation target where nothing else says them', () => {
		const compilerSettings = { compilationTarget: { 'b.sol': 'B' } };
		expect(named({ compilerSettings }, 'a.sol', 'b.sol')).toEqual(['B', 'b.sol']);
	});

	test.each([[{}], [null], [[]], [{ name: 7, fullyQualifiedName: {} }]])(
		'are not made up: %j',
		(compilation) => {
			expect(named(compilation, 'a.sol', 'b.sol')).toEqual(['', null]);
		},
	);

	test('are searched for where the path is not among the files', () => {
		const sources = { 'a.sol': { content: '' }, 'b.sol': { content: 'contract Token {}' } };
		const compilation = { name: 'Token', fullyQualifiedName: 'gone.sol:Token' };
		expect(describeWith({ compilation, stdJsonInput: { sources } }).mainPath).toBe('b.sol');
	});
});

test.each([
	['0x00ff', '0x00ff'],
	['00ff', '0x00ff'],
	['0x', '0x'],
	['', '0x'],
	['none', '0x'],
	[null, '0x'],
	[7, '0x'],
])('the constructor arguments %j are %j', (constructorArguments, expected) => {
	const creationBytecode = { transformationValues: { constructorArguments } };
	expect(describeWith({ creationBytecode }).constructorArguments).toBe(expected);
});

test.each([
	null,
	undefined,
	7,
	[],
	{},
	{ transformationValues: null },
	{ transformationValues: [] },
])('creation bytecode %j has no constructor arguments', (creationBytecode) => {
	expect(describeWith({ creationBytecode }).constructorArguments).toBe('0x');
});

describe('libraries', () => {
	const values = (libraries: unknown) => ({ transformationValues: { libraries } });

	test('in settings and linked afterwards are all there, each once', () => {
		const description = describeWith({
			creationBytecode: values({ 'lib/Math.sol:Math': library, 'https://h:1/S.sol:S': other }),
			runtimeBytecode: values({ 'S.sol:S': other, 'a.sol:A': other.slice(2).toUpperCase() }),
		});
		expect(description.libraries).toEqual([
			{ name: 'Math', address: library },
			{ name: 'S', address: other },
			{ name: 'A', address: other },
		]);
	});

	test('that only the settings of the compilation name are not lost', () => {
		const compilerSettings = { libraries: { 'lib/Math.sol:Math': library } };
		const changes = { stdJsonInput: { ...stdJsonInput, settings: {} } };
		const compilation = { ...contract.compilation, compilerSettings };
		expect(describeWith({ ...changes, compilation }).libraries).toEqual([
			{ name: 'Math', address: library },
		]);
	});

	test.each([
		[{ '': { 'old.sol:Old': library } }, 'Old'],
		[{ '': { Old: library } }, 'Old'],
		[{ Old: library }, 'Old'],
		[{ 'Old:Old': library }, 'Old'],
		[{ ':Old': library }, 'Old'],
		[JSON.parse(`{"__proto__":{"__proto__":"${library}"}}`), '__proto__'],
	])('in the form %j are named without a path', (libraries, name) => {
		expect(set({ libraries }).libraries).toEqual([{ name, address: library }]);
	});

	test('called __proto__ are linked like any other', () => {
		const runtimeBytecode = values(JSON.parse(`{"__proto__":"${other}"}`));
		expect(describeWith({ runtimeBytecode }).libraries).toContainEqual({
			name: '__proto__',
			address: other,
		});
	});

	test.each([null, [], 'Math', { 'a.sol:A': 7 }, { 'a.sol:A': '0x12' }, { 'a.sol:': other }])(
		'that cannot be read are left out: %j',
		(libraries) => {
			const runtimeBytecode = values(libraries);
			expect(describeWith({ runtimeBytecode }).libraries).toEqual([
				{ name: 'Math', address: library },
			]);
		},
	);
});

describe('implementations', () => {
	const implementations = (list: unknown) =>
		describeWith({ proxyResolution: { isProxy: true, implementations: list } }).implementations;
	const named = (...addresses: unknown[]) => addresses.map((address) => ({ address, name: 'I' }));

	test.each([
		['one', named(other), [other]],
		['in any case', named(other.toUpperCase().replace('X', 'x'), library), [other, library]],
		['each once', named(other, other.toUpperCase().replace('X', 'x'), other), [other]],
		['never the contract itself', named(contract.address, other), [other]],
		['never the zero address', named(`0x${'0'.repeat(40)}`, other), [other]],
		['none that is no address', named('0x12', null, 7, {}, '', undefined), []],
		['as mere texts', [other], [other]],
		['without names', [{ address: other }], [other]],
		['none of what is no object', [null, 7, [], [other]], []],
		['none', [], []],
		['none where it is no list', { 0: { address: other } }, []],
		['none where it is null', null, []],
	])('%s', (_what, list, expected) => {
		expect(implementations(list)).toEqual(expected);
	});

	test.each([
		null,
		undefined,
		[],
		'EIP1967Proxy',
		{ proxyResolutionError: { customCode: 'proxy_resolution_error', message: 'no' } },
		{ isProxy: true, proxyType: 7 },
	])('that could not be found out are none, and no error: %j', (proxyResolution) => {
		expect(describeWith({ proxyResolution }).implementations).toEqual([]);
	});
});

test.each([
	[{ optimizer: { enabled: true, runs: 1 } }, 'Solidity', { enabled: true, runs: 1 }],
	[{ optimizer: { runs: 200 } }, 'Solidity', { enabled: false, runs: 200 }],
	[{ optimize: 'gas' }, 'Vyper', { enabled: true, runs: null }],
	[{ optimize: 'codesize' }, 'Vyper', { enabled: true, runs: null }],
	[{ optimize: 'none' }, 'Vyper', { enabled: false, runs: null }],
	[{ optimize: true }, 'Vyper', { enabled: true, runs: null }],
	[{ optimize: false }, 'Vyper', { enabled: false, runs: null }],
	[{}, 'Fe', { enabled: false, runs: null }],
	[{ optimizer: null, optimize: 7 }, 'Vyper', { enabled: false, runs: null }],
])('settings %j in %s optimize like %j', (settings, language, expected) => {
	expect(set(settings, language).optimizer).toEqual(expected);
});

test.each([
	[{ evmVersion: 'default' }, { evmVersion: null }],
	[{ evmVersion: 7 }, { evmVersion: null }],
	[{ evmVersion: 'cancun' }, { evmVersion: 'cancun' }],
	[{ viaIR: 'yes' }, { viaIr: false }],
	[{ remappings: ['a=b', 7, null] }, { remappings: ['a=b'] }],
	[{ remappings: {} }, { remappings: [] }],
	[{}, { evmVersion: null, viaIr: false, remappings: [], libraries: [] }],
])('settings %j give %j', (settings, expected) => {
	expect(set(settings)).toMatchObject(expected);
});

test.each([
	[[], []],
	[null, null],
	[undefined, null],
	['[]', null],
	[{}, null],
])('the ABI %j is %j', (abi, expected) => {
	expect(readContract({ ...contract, abi }, asked).abi).toEqual(expected);
});

test('no licence is made up where the main file states none, whatever others state', () => {
	const sources = {
		'a.sol': { content: '// SPDX-License-Identifier: MIT' },
		'b.sol': { content: 'contract B {}' },
	};
	const compilation = { name: 'B', fullyQualifiedName: 'b.sol:B' };
	expect(describeWith({ compilation, stdJsonInput: { sources } }).license).toBeNull();
	expect(compiled({ name: 'X', fullyQualifiedName: 'gone.sol:X' })).toMatchObject({
		license: null,
		mainPath: null,
	});
});

test.each([
	['EIP1167Proxy', 'EIP1167'],
	['FixedProxy', 'FIXED'],
	['EIP1967Proxy', 'EIP1967'],
	['GnosisSafeProxy', 'SAFE'],
	['DiamondProxy', 'EIP2535'],
	['PROXIABLEProxy', 'EIP1822'],
	['ZeppelinOSProxy', 'ZEPPELIN_OS'],
	['SequenceWalletProxy', 'SEQUENCE_WALLET'],
	['A new one', 'OTHER'],
	[null, null],
])('the proxy type %j is the kind %j', (proxyType, kind) => {
	expect(describeWith({ proxyResolution: { isProxy: true, proxyType } }).proxyKind).toBe(kind);
});

describe('the creation', () => {
	const transactionHash = `0x${'ab'.repeat(32)}`;
	const deployment = {
		...{ transactionHash, blockNumber: '17', transactionIndex: '3', deployer: library },
	};

	test('is that of the deployment', () => {
		const creation = { transaction: transactionHash, block: 17, deployer: library };
		expect(describeWith({ deployment }).creation).toEqual(creation);
		const unknown = { ...deployment, blockNumber: null };
		expect(describeWith({ deployment: unknown }).creation).toEqual({ ...creation, block: null });
	});

	test.each([
		null,
		{},
		{ ...deployment, transactionHash: null },
		{ ...deployment, transactionHash: '0x12' },
		{ ...deployment, deployer: null },
		{ ...deployment, deployer: 7 },
	])('is not known from %j', (given) => {
		expect(describeWith({ deployment: given }).creation).toBeNull();
	});
});
