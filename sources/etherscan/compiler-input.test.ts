import { describe, expect, test } from 'vitest';
import { itemLimits, plainItem } from '../../test/harness/etherscan-item.ts';
import { readItem } from './item.ts';

const library = `0x${'ab'.repeat(20)}`;
const read = (changes: object) => {
	const source = readItem({ ...plainItem, ...changes }, itemLimits);
	if (!source) throw new Error('not verified');
	return source;
};
const sourcesOf = (paths: Record<string, string>) =>
	Object.fromEntries(Object.entries(paths).map(([path, content]) => [path, { content }]));
const every = { '*': { '*': ['*'] } };

describe('a rebuilt input is one that the compiler takes', () => {
	test('Solidity, one file', () => {
		const changes = { EVMVersion: 'paris', Library: `Math:${library}` };
		expect(read(changes).standardJson).toEqual({
			language: 'Solidity',
			sources: { 'Token.sol': { content: plainItem.SourceCode } },
			settings: {
				optimizer: { enabled: true, runs: 200 },
				evmVersion: 'paris',
				libraries: { 'Token.sol': { Math: library } },
				outputSelection: every,
			},
		});
	});

	test('Solidity, several files', () => {
		const sources = sourcesOf({ 'a.sol': 'contract Token {}', 'b.sol': 'library Math {}' });
		const Library = `Math:${library};Lost:${library}`;
		const changes = { SourceCode: JSON.stringify(sources), Runs: '', Library };
		expect(read(changes).standardJson).toEqual({
			language: 'Solidity',
			sources,
			settings: {
				optimizer: { enabled: true },
				libraries: { 'b.sol': { Math: library }, '': { Lost: library } },
				outputSelection: every,
			},
		});
	});

	test.each([
		['off or not said', '0', 'Default', {}],
		['on', '1', 'Default', { optimize: true }],
		['for one EVM', '0', 'cancun', { evmVersion: 'cancun' }],
	])('Vyper, optimization %s', (_how, OptimizationUsed, EVMVersion, expected) => {
		const vyper = {
			CompilerVersion: 'vyper:0.4.0',
			SourceCode: '# x',
			OptimizationUsed,
			EVMVersion,
		};
		expect(read(vyper).standardJson).toEqual({
			language: 'Vyper',
			sources: { 'Token.vy': { content: '# x' } },
			settings: { ...expected, outputSelection: { '*': ['*'] } },
		});
	});

	test('Yul', () => {
		const SourceCode = '// "Pool"\nobject "Token" { code {} }';
		expect(read({ SourceCode }).standardJson).toEqual({
			language: 'Yul',
			sources: { 'Token.yul': { content: SourceCode } },
			settings: { optimizer: { enabled: true, runs: 200 }, outputSelection: every },
		});
	});
});

test.each([
	['gas', true],
	['codesize', true],
	['none', false],
	[true, true],
	[false, false],
])('an input of Vyper with optimize %j is described so', (optimize, enabled) => {
	const SourceCode = {
		language: 'Vyper',
		sources: sourcesOf({ 'a.vy': '' }),
		settings: { optimize },
	};
	const source = read({ SourceCode, OptimizationUsed: enabled ? '0' : '1', Runs: '' });
	expect(source.description.optimizer).toEqual({ enabled, runs: null });
	expect(source.standardJson).toEqual(SourceCode);
});

const target = { compilationTarget: { 'z.sol': 'Token' } };
const several = { 'z.sol': '', 'Token.sol': '', 'x.sol': 'contract Token {}' };
const twice = { 'z.sol': 'contract Token {}', 'Token.sol': 'contract Token {}' };

describe('the main file is', () => {
	test.each<
		[
			rule: string,
			language: string,
			paths: Record<string, string>,
			changes: object,
			expected: unknown,
		]
	>([
		[
			'the compilation target',
			'Solidity',
			several,
			{ settings: target, ContractFileName: 'x.sol' },
			'z.sol',
		],
		[
			'the only one of outputSelection',
			'Solidity',
			twice,
			{ settings: { outputSelection: { 'z.sol': every['*'] } }, ContractFileName: 'x.sol' },
			'z.sol',
		],
		['ContractFileName', 'Solidity', twice, { ContractFileName: 'z.sol' }, 'z.sol'],
		['the path in ContractName', 'Solidity', twice, { ContractName: 'z.sol:Token' }, 'z.sol'],
		[
			'the file that defines the contract',
			'Solidity',
			several,
			{ ContractFileName: 'z.sol' },
			'x.sol',
		],
		['none where two define it', 'Solidity', twice, {}, null],
		['none that is known', 'Solidity', { 'a.sol': '', 'b/Token.sol': '' }, {}, null],
		['none where two may be it', 'Vyper', { 'Token.vy': '', 'b.vy': '' }, {}, null],
		[
			'the only one of outputSelection, whatever the title',
			'Vyper',
			{ 'src/pool.vy': '', 'src/math_lib.vy': '' },
			{
				settings: { outputSelection: { 'src/pool.vy': ['abi'] } },
				ContractName: 'yETH weighted stableswap pool',
			},
			'src/pool.vy',
		],
		[
			'the one Vyper file',
			'Vyper',
			{ 'IToken.vyi': '', 'i.json': '', 'pool.vy': '' },
			{},
			'pool.vy',
		],
		[
			'the Yul file that defines it',
			'Yul',
			{ a: 'object "X" {}', b: 'object "Token" {}' },
			{},
			'b',
		],
		['the one Yul file', 'Yul', { 'a.yul': 'object "X" {}', 'b.txt': '' }, {}, 'a.yul'],
	])(
		'%s, in %s',
		(_rule, language, paths, { settings, ...changes }: { settings?: object }, expected) => {
			const SourceCode = { language, sources: sourcesOf(paths), ...(settings && { settings }) };
			expect(read({ ...changes, SourceCode }).description.mainPath).toBe(expected);
		},
	);
});

const odd = [
	'https://host/a/../../contracts//X.sol',
	'a\nb.sol',
	'my file.sol',
	'@openzeppelin/contracts@4.9.2/A.sol',
	'.venv/lib/a.sol',
	'.sol',
	'/C/Users/x.sol',
	'C:\\x\\y.sol',
	'./x.sol',
	'../../etc/passwd',
	'Attack',
	'Attack.sol',
	'attack.sol',
	'a/b',
	'a',
	'__proto__',
	'constructor',
	'nul\u0000.sol',
	'\u202Ertl.sol',
	'',
];
const oddTexts = ['\uFEFFx', 'a\r\nb\rc\n', '\u200B\u200F', '😀漢', '\ud800', '\udc00x', ''];

test('hostile paths and odd texts stay as they are', () => {
	const pairs = odd.map((path, index) => [
		path,
		{ content: oddTexts[index % oddTexts.length] ?? '' },
	]);
	const sources = Object.fromEntries(pairs);
	const text = JSON.stringify({ language: 'Solidity', sources, settings: {} });
	expect(text).toContain('\\ud800');
	const read1 = read({ SourceCode: `{${text}}` });
	expect(Object.entries(read1.standardJson.sources)).toEqual(Object.entries(sources));
	expect(read1.description.fileCount).toBe(odd.length);
});
