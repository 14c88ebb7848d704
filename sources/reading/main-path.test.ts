import { describe, expect, test } from 'vitest';
import { mainPathOf, targetOf } from './main-path.ts';

const pathOf = (sources: Record<string, string>, name = 'Token', paths: string[] = []) =>
	mainPathOf(
		Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
		{ name, paths },
	);
const other = { 'other.sol': 'contract Other {}' };

test('a path that the upstream gives is the main file, the first that exists', () => {
	const files = { 'a.sol': 'contract Token {}', 'b.sol': '' };
	expect(pathOf(files, 'Token', ['', 'gone.sol', 'b.sol', 'a.sol'])).toBe('b.sol');
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

	test('by its name, where several define the contract', () => {
		const text = 'contract Token {}';
		expect(pathOf({ 'a.sol': text, 'x/Token.sol': text })).toBe('x/Token.sol');
		expect(pathOf({ 'a.sol': text, 'b/Main.sol': text }, 'Token', ['Main.sol'])).toBe('b/Main.sol');
	});
});

test('a Vyper file is found by its name', () => {
	const files = { 'interfaces/I.vyi': '', 'contracts/pool.vy': '' };
	expect(pathOf(files, 'pool')).toBe('contracts/pool.vy');
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
