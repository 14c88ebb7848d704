import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import { locatedLibraries, mainPathOf, selectedIn, targetOf } from './main-path.ts';

const filesOf = (sources: Record<string, string>) =>
	Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }]));
const pathOf = (
	sources: Record<string, string>,
	name = 'Token',
	paths: string[] = [],
	more: { targets?: string[]; settings?: Record<string, unknown> } = {},
) =>
	mainPathOf(filesOf(sources), {
		name,
		targets: more.targets ?? [],
		selected: selectedIn(more.settings ?? {}, name),
		paths,
	});
const other = { 'other.sol': 'contract Other {}' };
const text = 'contract Token {}';

test('a target is the main file, the first that exists', () => {
	const files = { 'a.sol': text, 'b.sol': '', 'c.sol': text };
	const targets = ['', 'gone.sol', 'b.sol', 'a.sol'];
	expect(pathOf(files, 'Token', ['c.sol'], { targets })).toBe('b.sol');
});

describe('a path beside the files', () => {
	test('tells which of several files it is that define the contract', () => {
		const files = { 'a.sol': text, 'b.sol': text };
		expect(pathOf(files, 'Token', ['', 'gone.sol', 'b.sol', 'a.sol'])).toBe('b.sol');
	});

	test('counts as the end of a longer one, where that is clear', () => {
		const files = { 'x/a.sol': text, 'x/b.sol': text };
		expect(pathOf(files, 'Token', ['b.sol'])).toBe('x/b.sol');
		expect(pathOf({ ...files, 'y/b.sol': text }, 'Token', ['b.sol'])).toBeNull();
	});

	test('loses against the one file that defines the contract', () => {
		expect(pathOf({ 'a.sol': text, 'b.sol': '' }, 'Token', ['b.sol'])).toBe('a.sol');
	});

	test('of a file that does not define it does not tell which of several others does', () => {
		const files = { 'a.sol': text, 'b.sol': text, 'c.sol': '' };
		expect(pathOf(files, 'Token', ['c.sol'])).toBeNull();
	});

	test('of an interface loses against the one Vyper file', () => {
		const files = { 'I.vyi': '', 'pool.vy': '' };
		expect(pathOf(files, 'A pool', ['I.vyi'])).toBe('pool.vy');
	});

	test('counts where no file is known to define the contract', () => {
		expect(pathOf({ 'a.rs': '', 'b.rs': '' }, 'Token', ['b.rs'])).toBe('b.rs');
	});
});

describe('where several files define the contract and nothing tells which was compiled, none is shown', () => {
	test.each([
		['one of them is called like the contract', { 'Token.sol': text, 'real/impl.sol': text }],
		['one of them comes first', { 'a.sol': text, 'z.sol': text }],
		['all have the same name', { 'a/Token.sol': text, 'b/Token.sol': text }],
		['one is a library', { 'a.sol': 'library Token {}', 'b.sol': text }],
	])('though %s', (_what, files) => {
		expect(pathOf(files)).toBeNull();
	});

	test.each([
		['an interface', 'interface Token {}'],
		['abstract', 'abstract\n contract Token {}'],
	])('but one that is %s cannot be what is deployed', (_what, content) => {
		expect(pathOf({ 'Token.sol': content, 'b.sol': text })).toBe('b.sol');
	});
});

describe('settings.outputSelection', () => {
	const files = { 'a.sol': text, 'b.sol': text, 'c.sol': '' };
	const all = { '*': ['*'] };

	test.each([
		['one file for all contracts', { 'b.sol': { '*': ['abi'] } }, 'b.sol'],
		['one file for this contract', { 'b.sol': { Token: ['abi'] } }, 'b.sol'],
		['this contract beside all files', { '*': all, 'b.sol': { Token: ['abi'] } }, 'b.sol'],
		['syntax trees of all files', { '*': { '': ['ast'] }, 'b.sol': all }, 'b.sol'],
		['a file that does not define it', { 'b.sol': all, 'c.sol': all }, 'b.sol'],
		['one file beside all', { '*': all, 'b.sol': all }, null],
		['all files', { '*': all }, null],
		['this contract in all files', { '*': { Token: ['abi'] } }, null],
		['both', { 'a.sol': all, 'b.sol': all }, null],
		['another contract', { 'b.sol': { Other: ['abi'] } }, null],
		['nothing of it', { 'b.sol': { Token: [] } }, null],
		['a file that is not there', { 'd.sol': all }, null],
		['no object', 7, null],
		['no list', { 'b.sol': { Token: 'abi' } }, null],
	])('that names %s tells: %j', (_what, outputSelection, path) => {
		expect(pathOf(files, 'Token', [], { settings: { outputSelection } })).toBe(path);
	});

	test('names the target of Vyper, whatever title the contract has', () => {
		const modules = { 'src/pool.vy': 'from src import math_lib', 'src/math_lib.vy': '' };
		const settings = { outputSelection: { 'src/pool.vy': ['evm.bytecode', 'abi'] } };
		expect(pathOf(modules, 'yETH weighted stableswap pool', [], { settings })).toBe('src/pool.vy');
		expect(pathOf(modules, 'math_lib', [], { settings })).toBe('src/pool.vy');
		expect(pathOf(modules, 'math_lib')).toBeNull();
		expect(
			pathOf(modules, 'math_lib', [], { settings: { outputSelection: { '*': ['*'] } } }),
		).toBeNull();
	});
});

test('what a Vyper file declares of others does not define a contract', () => {
	const files = { 'a.vy': 'contract Token:\n  pass', 'b.vy': '# the contract', 'c.sol': '' };
	expect(pathOf(files)).toBeNull();
});

test('a library is linked in the one file that defines it as a library', () => {
	const address = parseAddress(`0x${'a'.repeat(40)}`);
	const located = (sources: Record<string, string>) =>
		locatedLibraries([{ path: '', name: 'M', address }], filesOf(sources))[0]?.path;
	expect(located({ 'a.sol': 'contract M {}', 'b.sol': 'library M {}' })).toBe('b.sol');
	expect(located({ 'a.sol': 'library M {}', 'b.sol': 'library M {}' })).toBe('');
});

test('an empty path is no hint, though a file may have it', () => {
	expect(pathOf({ '': 'x', 'a.sol': 'contract Token {}' }, 'Token', [''])).toBe('a.sol');
});

test('the only file is the main file', () => {
	expect(pathOf({ 'x.vy': '# a contract' })).toBe('x.vy');
	expect(pathOf({ ['__proto__']: 'x' })).toBe('__proto__');
});

describe('the file that defines the contract is found', () => {
	test.each([
		'contract Token {}',
		'abstract contract Token is Base {}',
		'library Token{}',
		'interface Token {}',
		'contract\n\tToken\r\n{}',
		'import "./x/*.sol"; contract Token {}',
		"string s = 'it\\'s // no comment'; contract Token {}",
		'// see contracts/* \ncontract Token {}',
		'/* " */ contract Token {} // "',
		'string s = "never closed\ncontract Token {}',
	])('in %j', (text) => {
		expect(pathOf({ ...other, 'main.sol': text })).toBe('main.sol');
	});

	test.each([
		'// contract Token {}',
		'/* contract Token {} */',
		'/* contract Token {}',
		'string s = "contract Token {}";',
		"string s = '\\' contract Token {}';",
		'contract TokenSale {}',
		'subcontract Token',
		'contract $Token {}',
		'import {Token} from "./Token.sol";',
		'new Token();',
	])('not in %j', (text) => {
		expect(pathOf({ ...other, 'main.sol': text })).toBeNull();
	});

	test('where its name has a dollar', () => {
		expect(pathOf({ ...other, 'main.sol': 'contract $T$ {}' }, '$T$')).toBe('main.sol');
	});

	test('before a file with an interface of the same name', () => {
		const files = { 'a.sol': 'interface Token {}', 'b.sol': 'contract Token {}' };
		expect(pathOf(files)).toBe('b.sol');
	});
});

test('a Vyper file is found among its interfaces', () => {
	const files = { 'interfaces/I.vyi': '', 'contracts/pool.vy': '' };
	expect(pathOf(files, 'pool')).toBe('contracts/pool.vy');
	expect(pathOf(files, 'A free title')).toBe('contracts/pool.vy');
	expect(pathOf({ ...files, 'old/pool.vy': '' }, 'pool')).toBeNull();
});

test.each(['', 'no such', 'a name with (regex) *+?[', 'x'.repeat(10_000)])(
	'the name %j finds nothing and harms nothing',
	(name) => {
		expect(pathOf({ ...other, 'main.sol': `contract ${name} {}` }, name)).toBeNull();
	},
);

test.each([
	['quotes with escapes', '"\\'],
	['comment openings', '/*'],
	['quotes', '\'"'],
	['spaces', 'contract '.padEnd(1000)],
])('a text of nothing but %s is searched to its end', (_what, part) => {
	const text = `${part.repeat(2_000_000 / part.length)} Token`;
	expect(pathOf({ ...other, 'main.sol': text })).toBeNull();
});

test('a compilation target is the path and the name of its first entry', () => {
	const path = 'a.sol';
	expect(targetOf({ compilationTarget: { [path]: 'Token' } })).toEqual({ path, name: 'Token' });
	expect(targetOf({ compilationTarget: { [path]: 7 } })).toEqual({ path, name: '' });
	expect(targetOf({ compilationTarget: {} })).toEqual({ path: '', name: '' });
	expect(targetOf({ compilationTarget: 'x' })).toEqual({ path: '', name: '' });
});
