import { describe, expect, test } from 'vitest';
import { filesOf } from '../../domain/source.ts';
import { asked, contract, library, stdJsonInput } from '../../test/harness/sourcify-contract.ts';
import type { JsonObject } from '../reading/values.ts';
import { readContract } from './contract.ts';

const read = (changes: JsonObject = {}) => readContract({ ...contract, ...changes }, asked);
const withInput = (changes: object) => read({ stdJsonInput: { ...stdJsonInput, ...changes } });
const withoutInput = (changes: JsonObject = {}) =>
	read({ stdJsonInput: undefined, sources: stdJsonInput.sources, ...changes });

const selecting = {
	...stdJsonInput,
	settings: { ...stdJsonInput.settings, outputSelection: { '*': { '*': ['*'] } } },
};

test('a contract is described, and its standard JSON is as delivered, with outputs for the compiler to make', () => {
	const source = read();
	expect(source.description).toEqual({
		hash: expect.stringMatching(/^[0-9a-f]{64}$/),
		abiHash: expect.stringMatching(/^[0-9a-f]{64}$/),
		abiSize: expect.any(Number),
		provider: 'SOURCIFY',
		origin: 'sourcify.example',
		name: 'Token',
		language: 'Solidity',
		compilerVersion: 'v0.8.19+commit.7dd6d404',
		evmVersion: 'paris',
		optimizer: { enabled: true, runs: 999 },
		license: 'MIT',
		constructorArguments: '0x00ff',
		libraries: [{ name: 'Math', address: library }],
		viaIr: true,
		remappings: ['@a/=lib/a/'],
		similarMatch: null,
		implementations: [],
		...{ creation: null, proxyKind: null, delivered: null, argumentsHash: null, argumentsSize: 0 },
		match: 'EXACT',
		mainPath: 'contracts/Main.sol',
		fileCount: 2,
		size: 67,
	});
	expect(source.standardJson).toEqual(selecting);
	expect(source.abi).toEqual(contract.abi);
});

describe('standard JSON', () => {
	test('keeps fields beside the sources', () => {
		const more = { interfaces: { 'i.json': { abi: [] } }, storage_layout_overrides: {} };
		expect(withInput(more).standardJson).toEqual({ ...selecting, ...more });
	});

	test('keeps a selection of outputs that is there', () => {
		const settings = { outputSelection: { '*': { '*': ['abi'] } } };
		expect(withInput({ settings }).standardJson.settings).toEqual(settings);
	});

	test('is put together from sources and settings where there is none', () => {
		const compilation = {
			...contract.compilation,
			compilerSettings: {
				...stdJsonInput.settings,
				compilationTarget: { 'contracts/Main.sol': 'Token' },
				libraries: { 'lib/Math.sol:Math': library, Flat: library },
			},
		};
		expect(withoutInput({ compilation }).standardJson).toEqual({
			...stdJsonInput,
			settings: {
				...stdJsonInput.settings,
				libraries: { 'lib/Math.sol': { Math: library }, '': { Flat: library } },
				outputSelection: { '*': { '*': ['*'] } },
			},
		});
	});

	test('is put together where a file of it has no literal content', () => {
		const sources = { 'a.sol': { urls: ['ipfs://x'] } };
		const input = { ...stdJsonInput, sources, interfaces: {} };
		const source = read({ stdJsonInput: input, sources: stdJsonInput.sources });
		expect(source.standardJson).toEqual({
			...stdJsonInput,
			interfaces: {},
			settings: { ...stdJsonInput.settings, outputSelection: { '*': { '*': ['*'] } } },
		});
	});

	test('gets its settings from the compilation where it has none', () => {
		expect(withInput({ settings: null }).standardJson.settings).toEqual({
			...stdJsonInput.settings,
			outputSelection: { '*': { '*': ['*'] } },
		});
	});

	test.each([
		['Vyper', {}, 'Vyper'],
		[undefined, { language: 'Vyper' }, 'Vyper'],
		['', { language: 'Yul' }, 'Yul'],
		[7, { language: 'Fe' }, 'Fe'],
		[undefined, {}, 'Solidity'],
		[null, null, 'Solidity'],
	])('in language %j, compiled as %j, is %s', (language, compilation, expected) => {
		const source = read({ stdJsonInput: { ...stdJsonInput, language }, compilation });
		expect(source.description.language).toBe(expected);
		expect(source.standardJson.language).toBe(expected);
	});

	test('leaves out what else is said of a file', () => {
		const sources = { 'a.sol': { content: 'x', keccak256: '0x00', urls: [] } };
		expect(withInput({ sources }).standardJson.sources).toEqual({ 'a.sol': { content: 'x' } });
	});
});

describe('files come out exactly as they went in', () => {
	const odd =
		'{"__proto__":{"content":"p"},"constructor":{"content":"c"},"toString":{"content":"t"}}';
	const contents = [
		'a\r\nb\rc\n',
		'\uFEFFcontract C {}',
		'zero\u200bwidth \u202eRTL \u{1f600}',
		'lone \ud800 surrogate \udc00',
		'nul \u0000',
		'',
		'match": null, "customCode": "unsupported_chain"',
		'<html>Just a moment...</html>',
	];
	test.each(contents)('with the content %j', (content) => {
		const json = JSON.stringify({
			...contract,
			stdJsonInput: { sources: { 'a.sol': { content } } },
		});
		const source = readContract(JSON.parse(json), asked);
		expect(source.standardJson.sources['a.sol']?.content).toBe(content);
		expect(source.description).toMatchObject({ fileCount: 1, size: Buffer.byteLength(content) });
	});

	test.each([
		'https://host/a/../../contracts//X.sol',
		'a\nb.sol',
		'a b.sol',
		'@openzeppelin/contracts@4.9.2/A.sol',
		'.venv/lib/x.vy',
		'.sol',
		'',
		'/C/Users/x.sol',
		'/etc/passwd',
		'C:\\x.sol',
		'./x.sol',
		'../../x.sol',
		'nul\u0000.sol',
		'7',
		'__proto__',
		'x'.repeat(5000),
	])('under the path %.50j, which stays data', (path) => {
		const sources = Object.fromEntries([[path, { content: 'x' }]]);
		const compilation = { name: 'C', fullyQualifiedName: `${path}:C` };
		const source = read({ stdJsonInput: { sources }, compilation });
		expect(Object.entries(source.standardJson.sources)).toEqual([[path, { content: 'x' }]]);
		expect(source.description).toMatchObject({ mainPath: path, name: 'C', fileCount: 1 });
	});

	test.each([
		['by case', { 'Token.sol': 'a', 'token.sol': 'b' }],
		['as a file and a folder', { Attack: 'a', 'Attack/B.sol': 'b' }],
		['by their end', { Attack: 'a', 'Attack.sol': 'b' }],
		['by the form of a letter', { '\u00e9.sol': 'a', 'e\u0301.sol': 'b' }],
		['by slashes', { 'a/b.sol': 'a', 'a//b.sol': 'b', 'a\\b.sol': 'c' }],
	])('where paths differ only %s', (_how, texts) => {
		const list = Object.entries(texts).map(([path, content]) => [path, { content }]);
		const { standardJson } = withInput({ sources: Object.fromEntries(list) });
		const files = filesOf(standardJson).map(({ path, content }) => [path, content]);
		expect(Object.fromEntries(files)).toEqual(texts);
	});

	test('with names of what every object has', () => {
		const source = withInput({ sources: JSON.parse(odd) });
		expect(JSON.stringify(source.standardJson.sources)).toBe(odd);
		expect(source.description.fileCount).toBe(3);
	});
});

test.each([
	['a match that is null', { match: null }],
	['a match that is a number', { match: 1 }],
	['no match', { match: undefined }],
	['no input', { stdJsonInput: undefined }],
	['an input that is null', { stdJsonInput: null }],
	['an input that is a text', { stdJsonInput: JSON.stringify(stdJsonInput) }],
	['an input without sources', { stdJsonInput: { language: 'Solidity', settings: {} } }],
	['sources that are null', { stdJsonInput: { ...stdJsonInput, sources: null } }],
	['no file', { stdJsonInput: { ...stdJsonInput, sources: {} } }],
	['sources in a list', { stdJsonInput: { ...stdJsonInput, sources: [{ content: 'x' }] } }],
	['a file that is null', { stdJsonInput: { sources: { 'a.sol': null } } }],
	['a content that is null', { stdJsonInput: { sources: { 'a.sol': { content: null } } } }],
	[
		'one file of two by URL',
		{ stdJsonInput: { sources: { a: { content: '' }, b: { urls: [] } } } },
	],
	['settings nested too deep', { stdJsonInput: { ...stdJsonInput, settings: { x: nest(5000) } } }],
	['an ABI nested too deep', { abi: nest(5000) }],
])('%s is malformed, never "not verified"', (_what, changes) => {
	expect(() => read(changes)).toThrow(
		expect.objectContaining({
			class: 'MALFORMED',
			code: 'MALFORMED_RESPONSE',
			message: expect.stringMatching(/^The answer cannot be read as source code: it.*\.$/),
		}),
	);
});

test('a source over the limit is too large', () => {
	expect(readContract(contract, { ...asked, maxSourceBytes: 67 }).description.size).toBe(67);
	expect(() => readContract(contract, { ...asked, maxSourceBytes: 66 })).toThrow(
		expect.objectContaining({ class: 'TOO_LARGE' }),
	);
});

function nest(depth: number): unknown[] {
	return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}
