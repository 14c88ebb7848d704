import { describe, expect, test } from 'vitest';
import { itemLimits, plainItem } from '../../test/harness/etherscan-item.ts';
import { readItem } from './item.ts';

const limits = itemLimits;
const text = 'contract Token {}';
const library = `0x${'ab'.repeat(20)}`;

const plain = { ...plainItem, SourceCode: text };

const read = (item: unknown) => {
	const source = readItem(item, limits);
	if (!source) throw new Error('not verified');
	return source;
};

describe('a description', () => {
	test.each([
		[{ ContractName: 'a/b.sol:Token' }, { name: 'Token' }],
		[{ ContractName: ' My Vault\n' }, { name: 'My Vault' }],
		[
			{ CompilerVersion: 'v0.3.1-2016-04-12-3ad5e82' },
			{ compilerVersion: 'v0.3.1-2016-04-12-3ad5e82' },
		],
		[{ EVMVersion: 'default' }, { evmVersion: null }],
		[{ EVMVersion: '' }, { evmVersion: null }],
		[{ EVMVersion: 'Unknown' }, { evmVersion: null }],
		[{ EVMVersion: 'shanghai' }, { evmVersion: 'shanghai' }],
		[{ OptimizationUsed: '0' }, { optimizer: { enabled: false, runs: 200 } }],
		[{ OptimizationUsed: 'true' }, { optimizer: { enabled: true, runs: 200 } }],
		[{ OptimizationUsed: 'false' }, { optimizer: { enabled: false, runs: 200 } }],
		[{ OptimizationUsed: 1, Runs: 50 }, { optimizer: { enabled: true, runs: 50 } }],
		[{ OptimizationUsed: true }, { optimizer: { enabled: true, runs: 200 } }],
		[{ OptimizationUsed: '', Runs: '' }, { optimizer: { enabled: false, runs: null } }],
		[{ LicenseType: '' }, { license: null }],
		[{ LicenseType: 'None' }, { license: null }],
		[{ LicenseType: 'Unknown' }, { license: null }],
		[{ LicenseType: 'GPL-3.0' }, { license: 'GPL-3.0' }],
		[{ ConstructorArguments: '' }, { constructorArguments: '0x' }],
		[{ ConstructorArguments: '0x00FF' }, { constructorArguments: '0x00FF' }],
		[{ ConstructorArguments: 'none' }, { constructorArguments: '0x' }],
		[{ Library: `Math:${library.slice(2)}` }, { libraries: [{ name: 'Math', address: library }] }],
	])('of %j has %j', (changes, expected) => {
		expect(read({ ...plain, ...changes }).description).toMatchObject(expected);
	});

	test('needs no field but the source, and bears null in all others', () => {
		const nulls = Object.fromEntries(Object.keys(plain).map((key) => [key, null]));
		const bare = { name: '', compilerVersion: '', license: null, evmVersion: null, abiHash: null };
		expect(read({ SourceCode: text }).description).toMatchObject(bare);
		expect(read({ ...nulls, SourceCode: text }).description).toMatchObject(bare);
	});
});

test.each([
	['Contract source code not verified', null],
	['', null],
	['not JSON', null],
	['{}', null],
	[null, null],
	['[]', []],
	[[{ type: 'receive' }], [{ type: 'receive' }]],
])('the ABI %j is %j', (ABI, abi) => {
	expect(read({ ...plain, ABI }).abi).toEqual(abi);
});
