import { describe, expect, test } from 'vitest';
import { filesOf } from '../../domain/source.ts';
import {
	address,
	limits,
	other,
	twin,
	unverified,
	verified,
} from '../../test/harness/blockscout-contract.ts';
import { proxyIn, readContract } from './contract.ts';

const read = (changes: Record<string, unknown> = {}) => {
	const source = readContract({ ...verified, ...changes }, limits);
	if (!source) throw new Error('not verified');
	return source;
};

test('a contract of several files is described, and its standard JSON rebuilt', () => {
	const source = read();
	expect(source.description).toEqual({
		hash: expect.stringMatching(/^[0-9a-f]{64}$/),
		abiHash: expect.stringMatching(/^[0-9a-f]{64}$/),
		abiSize: expect.any(Number),
		provider: 'BLOCKSCOUT',
		origin: 'eth.example',
		name: 'Token',
		language: 'Solidity',
		compilerVersion: 'v0.8.17+commit.8df45f5f',
		evmVersion: 'paris',
		optimizer: { enabled: true, runs: 200 },
		license: 'MIT',
		constructorArguments: '0x00ff',
		libraries: [],
		viaIr: false,
		remappings: [],
		match: 'EXACT',
		similarMatch: null,
		implementations: [],
		...{ creation: null, proxyKind: null, delivered: null, argumentsHash: null, argumentsSize: 0 },
		mainPath: 'src/Token.sol',
		fileCount: 2,
		size: 56,
	});
	expect(source.standardJson).toEqual({
		language: 'Solidity',
		sources: {
			'src/Token.sol': { content: verified.source_code },
			'src/Math.sol': { content: 'library Math {}' },
		},
		settings: {
			optimizer: { enabled: true, runs: 200 },
			evmVersion: 'paris',
			outputSelection: { '*': { '*': ['*'] } },
		},
	});
	expect(source.abi).toEqual(verified.abi);
});

describe('a description', () => {
	test.each([
		[{ is_partially_verified: true, is_fully_verified: false }, { match: 'PARTIAL' }],
		[{ is_partially_verified: null, is_fully_verified: null }, { match: 'UNKNOWN' }],
		[{ is_changed_bytecode: true }, { match: 'UNKNOWN' }],
		[{ evm_version: 'default' }, { evmVersion: null }],
		[{ evm_version: null }, { evmVersion: null }],
		[{ optimization_enabled: null }, { optimizer: { enabled: false, runs: 200 } }],
		[{ optimization_runs: '50' }, { optimizer: { enabled: true, runs: 50 } }],
		[{ constructor_args: null }, { constructorArguments: '0x' }],
		[{ constructor_args: '0xAB' }, { constructorArguments: '0xAB' }],
		[{ license_type: 'none' }, { license: null }],
		[{ license_type: null }, { license: null }],
		[{ license_type: 'gnu_agpl_v3' }, { license: 'AGPL-3.0' }],
		[{ license_type: 'constructor' }, { license: 'constructor' }],
		[
			{ language: 'yul', abi: null },
			{ language: 'Yul', abiHash: null },
		],
		[{ language: 'scilla' }, { language: 'Scilla' }],
		[{ language: 'toString' }, { language: 'toString' }],
		[{ language: null }, { language: 'Solidity' }],
		[{ language: null, is_vyper_contract: true }, { language: 'Vyper' }],
		[{ name: 'src/Token.sol:Token' }, { name: 'Token' }],
		[{ name: null }, { name: '' }],
		[{ verified_twin_address_hash: twin }, { similarMatch: null }],
	])('of %j has %j', (changes, expected) => {
		expect(read(changes).description).toMatchObject(expected);
	});
});

describe('files', () => {
	const paths = (changes: object) =>
		filesOf(read({ ...changes }).standardJson).map(({ path }) => path);

	test.each([
		[{ file_path: '' }, ['Token.sol', 'src/Math.sol']],
		[{ file_path: null }, ['Token.sol', 'src/Math.sol']],
		[{ file_path: null, language: 'vyper', additional_sources: null }, ['Token.vy']],
		[{ file_path: null, name: null, additional_sources: [] }, ['Contract.sol']],
		[
			{ file_path: '', compiler_settings: { compilationTarget: { 'a/Main.sol': 'Token' } } },
			['a/Main.sol', 'src/Math.sol'],
		],
		[
			{ file_path: '', additional_sources: [{ file_path: 'Token.sol', source_code: 'x' }] },
			['Token.sol', 'main/Token.sol'],
		],
		[{ file_path: '../../x\\y\n.sol ' }, ['../../x\\y\n.sol ', 'src/Math.sol']],
		[{ file_path: '__proto__' }, ['__proto__', 'src/Math.sol']],
	])('of %j are %j', (changes, expected) => {
		expect(paths(changes)).toEqual(expected);
	});

	test('the same file twice is one', () => {
		const again = { file_path: 'src/Token.sol', source_code: verified.source_code };
		expect(read({ additional_sources: [again] }).description.fileCount).toBe(1);
	});
});

describe('compiler settings', () => {
	test('stay, in a form that a compiler takes, with what they lack filled in', () => {
		const compiler_settings = {
			compilationTarget: { 'src/Token.sol': 'Token' },
			libraries: { 'src/Math.sol:Math': other },
			remappings: ['@a/=lib/a/'],
			viaIR: true,
			metadata: { bytecodeHash: 'none' },
		};
		expect(read({ compiler_settings })).toMatchObject({
			description: {
				viaIr: true,
				remappings: ['@a/=lib/a/'],
				libraries: [{ name: 'Math', address: other }],
			},
			standardJson: {
				settings: {
					optimizer: { enabled: true, runs: 200 },
					evmVersion: 'paris',
					libraries: { 'src/Math.sol': { Math: other } },
					remappings: ['@a/=lib/a/'],
					viaIR: true,
					metadata: { bytecodeHash: 'none' },
				},
			},
		});
		expect(read({ compiler_settings }).standardJson.settings).not.toHaveProperty(
			'compilationTarget',
		);
		expect(read({ compiler_settings: JSON.stringify(compiler_settings) })).toEqual(
			read({ compiler_settings }),
		);
	});

	test('that are missing are rebuilt with external libraries', () => {
		const external_libraries = [
			{ name: 'Math', address_hash: other },
			{ name: 'src/L.sol:L', address_hash: twin },
			{ name: 'Bad', address_hash: '0x00' },
			null,
		];
		const source = read({ external_libraries });
		expect(source.description.libraries.map(({ name }) => name)).toEqual(['Math', 'L']);
		expect(source.standardJson.settings).toMatchObject({
			libraries: { 'src/Math.sol': { Math: other }, 'src/L.sol': { L: twin } },
		});
	});

	test('of Vyper have its own form', () => {
		const vyper = { language: 'vyper', additional_sources: [], file_path: 'a.vy' };
		const rebuilt = { evmVersion: 'paris', outputSelection: { '*': ['*'] } };
		const version = 'v0.3.10+commit.91361694';
		expect(read({ ...vyper, compiler_version: version }).description.compilerVersion).toBe(
			'vyper:0.3.10+commit.91361694',
		);
		expect(read({ ...vyper, optimization_enabled: null }).standardJson.settings).toEqual(rebuilt);
		const given = { ...vyper, compiler_settings: { optimize: 'codesize' } };
		expect(read(given).standardJson.settings).toEqual({ ...rebuilt, optimize: 'codesize' });
	});
});

describe('implementations', () => {
	test.each([
		[{ implementations: [{ address_hash: twin, name: 'A' }] }, [twin]],
		[{ implementations: [{ address: twin, name: null }] }, [twin]],
		[{ implementations: [{ address_hash: twin }, { address_hash: twin.toUpperCase() }] }, [twin]],
		[{ implementations: [{ address_hash: address }, { address_hash: `0x${'0'.repeat(40)}` }] }, []],
		[{ implementations: null }, []],
		[
			{
				implementations: [{ address_hash: twin }],
				conflicting_implementations: [
					{ proxy_type: 'eip1967', implementations: [{ address_hash: twin }] },
					{ proxy_type: 'eip2535', implementations: [{ address_hash: other }] },
				],
			},
			[twin, other],
		],
	])('of %j are %j', (changes, expected) => {
		expect(read(changes).description.implementations).toEqual(expected);
	});
});

const similar = { ...verified, is_verified: false, is_fully_verified: false };

test('the source of a verified twin is a similar match, which says nothing of a match', () => {
	const contract = { ...similar, verified_twin_address_hash: twin, constructor_args: null };
	expect(readContract(contract, limits)?.description).toMatchObject({
		similarMatch: twin,
		match: 'UNKNOWN',
		mainPath: 'src/Token.sol',
	});
});

test.each([
	['an address with code and no more', unverified],
	['one that says so', { is_verified: false }],
	['one that says nothing', { is_verified: null }],
	['one with source but neither verified nor a twin', similar],
	['a twin without source', { is_verified: false, verified_twin_address_hash: twin }],
])('%s is not verified', (_what, json) => {
	expect(readContract(json, limits)).toBeNull();
});

test.each([
	['no source', { source_code: null }],
	['a blank source', { source_code: ' \n' }],
	['a source that is a number', { source_code: 7 }],
	['an object in place of a list of files', { additional_sources: { 'a.sol': 'x' } }],
	['a text in place of a list of files', { additional_sources: '[]' }],
	['a number in place of a list of files', { additional_sources: 1 }],
	['false in place of a list of files', { additional_sources: false }],
	['a file without content', { additional_sources: [{ file_path: 'a.sol' }] }],
	['a file without a path', { additional_sources: [{ source_code: 'x' }] }],
	['a file that is null', { additional_sources: [null] }],
	[
		'two files of one path',
		{ additional_sources: [{ file_path: 'src/Token.sol', source_code: 'x' }] },
	],
])('verified with %s is malformed, never "not verified"', (_what, changes) => {
	expect(() => read(changes)).toThrow(expect.objectContaining({ class: 'MALFORMED' }));
});

test('a source over the limit is too large', () => {
	expect(() => readContract(verified, { ...limits, maxSourceBytes: 10 })).toThrow(
		expect.objectContaining({ class: 'TOO_LARGE' }),
	);
});

const delegate = `0x${'c'.repeat(40)}`;
const clone = `0x363d3d373d3d3d363d73${'c'.repeat(40)}5af43d82803e903d91602b57fd5bf3`;

test.each([
	['a delegated account', { proxy_type: 'eip7702' }, 'EIP7702'],
	['a clone', { proxy_type: 'eip1167' }, 'EIP1167'],
	['one of a kind that is not known here', { proxy_type: 'eip9999' }, 'OTHER'],
	['one of no kind', { proxy_type: null }, null],
	['one of an unknown kind', { proxy_type: 'unknown' }, null],
	['one whose kind is no text', { proxy_type: 7 }, null],
])('%s without a source still leads to its code', (_what, changes, kind) => {
	const implementations = [{ address_hash: delegate, name: 'StatelessDelegator' }];
	const json = { ...unverified, ...changes, implementations };
	expect(readContract(json, limits)).toBeNull();
	expect(proxyIn(json, address)).toEqual({ kind, implementations: [delegate] });
});

test.each([
	['a delegated account', `0xef0100${'C'.repeat(40)}`, 'EIP7702'],
	['a clone', clone, 'EIP1167'],
	['a clone with arguments behind its code', `${clone}00ff`, 'EIP1167'],
])('%s leads to what its code names, if nothing else is said', (_what, code, kind) => {
	const found = proxyIn({ ...unverified, deployed_bytecode: code }, address);
	expect(found).toEqual({ kind, implementations: [delegate] });
});

test.each([
	['other code', '0x6001'],
	['no code', null],
	['a delegation that is not one', `0xef0100${'c'.repeat(42)}`],
	['a delegation to nobody', `0xef0100${'0'.repeat(40)}`],
	['a delegation to itself', `0xef0100${address.slice(2)}`],
])('%s leads nowhere', (_what, code) => {
	expect(proxyIn({ ...unverified, deployed_bytecode: code }, address)).toBeNull();
});

test('a verified proxy is of a kind too', () => {
	expect(read({ proxy_type: 'eip1967_beacon' }).description.proxyKind).toBe('EIP1967_BEACON');
});
