import { describe, expect, test } from 'vitest';
import { itemLimits } from '../../test/harness/etherscan-item.ts';
import { readAnswer } from './answer.ts';
import { readItem } from './item.ts';

const self = `0x${'ef'.repeat(20)}`;
const a = `0x${'ab'.repeat(20)}`;
const b = `0x${'cd'.repeat(20)}`;

/** As Blockscout answers `getsourcecode`: keys that would be empty are left out. */
const blockscout = {
	Address: self,
	SourceCode: 'contract Token {}',
	ABI: '[]',
	ContractName: 'Token',
	CompilerVersion: 'v0.8.17+commit.8df45f5f',
	OptimizationUsed: 'true',
	OptimizationRuns: 300,
	EVMVersion: 'default',
	FileName: '',
	IsProxy: 'false',
};

const read = (changes: object) => {
	const source = readItem({ ...blockscout, ...changes }, itemLimits);
	if (!source) throw new Error('not verified');
	return source;
};

describe("Blockscout's flavour", () => {
	test.each<[row: string, changes: object, expected: object]>([
		['OptimizationUsed true', {}, { optimizer: { enabled: true, runs: 300 } }],
		[
			'OptimizationUsed false',
			{ OptimizationUsed: 'false', OptimizationRuns: undefined },
			{ optimizer: { enabled: false, runs: null } },
		],
		['OptimizationUsed empty', { OptimizationUsed: '' }, { optimizer: { enabled: false } }],
		['OptimizationRuns a text', { OptimizationRuns: '50' }, { optimizer: { runs: 50 } }],
		['EVMVersion null', { EVMVersion: null }, { evmVersion: null }],
		[
			'ExternalLibraries',
			{ ExternalLibraries: [{ name: 'A', address_hash: a }, { name: 'B' }, 7] },
			{ libraries: [{ name: 'A', address: a }] },
		],
		['ExternalLibraries empty', { ExternalLibraries: '' }, { libraries: [] }],
		['IsProxy false', {}, { implementations: [] }],
		[
			'ImplementationAddresses',
			{ IsProxy: 'true', ImplementationAddress: a, ImplementationAddresses: [a, b] },
			{ implementations: [a, b] },
		],
		[
			'ImplementationAddresses with itself, zero and null',
			{
				ImplementationAddress: null,
				ImplementationAddresses: [self, `0x${'00'.repeat(20)}`, null],
			},
			{ implementations: [] },
		],
		['FileName', { FileName: 'src/Token.sol' }, { mainPath: 'src/Token.sol' }],
		['FileName of Vyper', { FileName: 'Token.vy' }, { language: 'Vyper', mainPath: 'Token.vy' }],
		['FileName of Yul', { FileName: 'Token.yul' }, { language: 'Yul' }],
		[
			'a free title of Vyper',
			{ ContractName: 'Curve.fi DAO/CRV Token: v1\n', CompilerVersion: 'vyper:0.2.4' },
			{ name: 'Curve.fi DAO/CRV Token: v1', mainPath: 'Curve.fi_DAO_CRV_Token_v1.vy' },
		],
		[
			'Vyper by its pragma alone',
			{ SourceCode: '# @version 0.3.7\n', CompilerVersion: 'v0.3.7+commit.6020b8bb' },
			{ language: 'Vyper', mainPath: 'Token.vy' },
		],
		[
			'a Vyper pragma in a comment of Solidity',
			{ SourceCode: 'pragma solidity ^0.8.0;\n/*\n# @version 1\n*/' },
			{ language: 'Solidity' },
		],
		[
			'ConstructorArguments with 0x',
			{ ConstructorArguments: '0x00' },
			{ constructorArguments: '0x00' },
		],
		['the provider stays', {}, { provider: 'ETHERSCAN', origin: 'api.example' }],
		[
			'CompilerSettings',
			{
				CompilerSettings: {
					viaIR: true,
					remappings: ['a=b'],
					evmVersion: 'paris',
					optimizer: { enabled: true, runs: 7 },
				},
			},
			{
				viaIr: true,
				remappings: ['a=b'],
				evmVersion: 'paris',
				optimizer: { enabled: true, runs: 7 },
			},
		],
	])('%s', (_row, changes, expected) => {
		expect(read(changes).description).toMatchObject(expected);
	});

	test('CompilerSettings are the settings, as a compiler takes them', () => {
		const CompilerSettings = {
			compilationTarget: { 'src/T.sol': 'Token' },
			libraries: { 'src/A.sol:A': a },
			optimizer: { enabled: false, runs: 1 },
			metadata: { bytecodeHash: 'ipfs' },
		};
		const expected = {
			optimizer: { enabled: false, runs: 1 },
			libraries: { 'src/A.sol': { A: a } },
			metadata: { bytecodeHash: 'ipfs' },
			outputSelection: { '*': { '*': ['*'] } },
		};
		expect(read({ CompilerSettings }).standardJson.settings).toEqual(expected);
		const asText = { CompilerSettings: JSON.stringify(CompilerSettings) };
		expect(read(asText).standardJson.settings).toEqual(expected);
		expect(read({ CompilerSettings }).description.mainPath).toBe('src/T.sol');
	});
});

const refusalOf = (answer: object) => {
	const body = JSON.stringify(answer);
	const reading = readAnswer({ status: 200, headers: new Headers(), body });
	if ('item' in reading) throw new Error('an item, not a refusal');
	return reading.refusal.class;
};

test.each([
	['pending', { status: '2', message: 'OK', result: [blockscout] }, 'TRANSIENT'],
	['pending, a number', { status: 2, message: 'Pending', result: null }, 'TRANSIENT'],
	[
		'pending, with words that would count elsewhere',
		{ status: '2', message: 'OK', result: 'Contract source code not verified' },
		'TRANSIENT',
	],
	[
		'no address',
		{ status: '0', message: 'Query parameter address is required', result: null },
		'BAD_REQUEST',
	],
	['a bad address', { status: '0', message: 'Invalid address hash', result: null }, 'BAD_REQUEST'],
	['trouble', { status: '0', message: 'Something went wrong.', result: null }, 'TRANSIENT'],
	[
		'Routescan, not verified',
		{ status: '0', message: 'NOTOK', result: 'Contract source code not verified' },
		'UNVERIFIED',
	],
])('%s is %j', (_what, answer, name) => {
	expect(refusalOf(answer)).toBe(name);
});
