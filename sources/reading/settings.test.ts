import { describe, expect, test } from 'vitest';
import * as settings from './settings.ts';

const a = `0x${'a'.repeat(40)}`;
const b = `0x${'b'.repeat(40)}`;

describe('libraries', () => {
	test.each([
		['', []],
		[`Math:${a}`, [{ path: '', name: 'Math', address: a }]],
		[`Math:${a.slice(2).toUpperCase()}`, [{ path: '', name: 'Math', address: a }]],
		[
			`Math:${a}; contracts/S.sol:Strings:${b};`,
			[
				{ path: '', name: 'Math', address: a },
				{ path: 'contracts/S.sol', name: 'Strings', address: b },
			],
		],
		[`__proto__:${a}`, [{ path: '', name: '__proto__', address: a }]],
		['Math', []],
		['Math:0x12', []],
		[`:${a}`, []],
	])('in %j are read', (text, expected) => {
		expect(settings.librariesOfText(text)).toEqual(expected);
	});

	test('are read from settings, by file or flat', () => {
		const read = settings.librariesIn({
			libraries: { 'a.sol': { Math: a, Bad: 7 }, Flat: b, 'c.sol:Named': b, None: null },
		});
		expect(read).toEqual([
			{ path: 'a.sol', name: 'Math', address: a },
			{ path: '', name: 'Flat', address: b },
			{ path: 'c.sol', name: 'Named', address: b },
		]);
		expect(settings.librariesIn({})).toEqual([]);
		expect(settings.librariesIn({ libraries: [] })).toEqual([]);
	});

	test('are listed once each and without files', () => {
		const text = `Math:${a};x.sol:Math:${a};Math:${b}`;
		expect(settings.libraryList(settings.librariesOfText(text))).toEqual([
			{ name: 'Math', address: a },
			{ name: 'Math', address: b },
		]);
	});

	test('become settings by file, and none called __proto__ is lost', () => {
		const text = `Math:${a};x.sol:S:${b};__proto__:${b}`;
		const made = settings.librarySettings(settings.librariesOfText(text));
		expect(JSON.stringify(made)).toBe(
			`{"":{"Math":"${a}","__proto__":"${b}"},"x.sol":{"S":"${b}"}}`,
		);
	});
});

test.each([
	['Token', '', 'Token'],
	['contracts/Token.sol:Token', 'contracts/Token.sol', 'Token'],
	['https://host:80/Token.sol:Token', 'https://host:80/Token.sol', 'Token'],
	['https://host/Token.sol', '', 'https://host/Token.sol'],
	['C:\\work\\Token.sol', '', 'C:\\work\\Token.sol'],
	['/C:/work/Token.sol:Token', '/C:/work/Token.sol', 'Token'],
	['a.sol:Name with spaces', 'a.sol', 'Name with spaces'],
	['Vote: the contract', '', 'Vote: the contract'],
	['Curve.fi DAO/CRV Token: v1', '', 'Curve.fi DAO/CRV Token: v1'],
	['Curve.fi: v1', '', 'Curve.fi: v1'],
	['a/b: c', '', 'a/b: c'],
	['yEarn v1.0: DAI/USDC:LP', '', 'yEarn v1.0: DAI/USDC:LP'],
	['src/pool.vy:Curve.fi DAO/CRV Token', 'src/pool.vy', 'Curve.fi DAO/CRV Token'],
	['a:b.sol:Token', 'a:b.sol', 'Token'],
	['Not in Token.sol: a title', '', 'Not in Token.sol: a title'],
	['A.SOL:Token', 'A.SOL', 'Token'],
	['a\nb.sol:Token', 'a\nb.sol', 'Token'],
	['lib.sol/x:Token', '', 'lib.sol/x:Token'],
	['', '', ''],
])('%j is the path %j and the name %j', (text, path, name) => {
	expect(settings.pathAndName(text)).toEqual({ path, name });
});

test.each([
	['contracts/Attack:Attack', 'contracts/Attack', 'Attack'],
	['contracts/Attack:Attack: v1', 'contracts/Attack', 'Attack: v1'],
	['a:b:Token', 'a:b', 'Token'],
	[':Token', '', ':Token'],
	['other/Attack:Attack', '', 'other/Attack:Attack'],
])('%j, where the paths of the files are known, is %j and %j', (text, path, name) => {
	const paths = ['', 'a', 'a:b', 'contracts/Attack'];
	expect(settings.pathAndName(text, paths)).toEqual({ path, name });
});

test.each([
	['paris', 'paris'],
	[' paris ', 'paris'],
	['Default', null],
	['default', null],
	['Unknown', null],
	['None', null],
	['', null],
])('the word %j says %j', (text, word) => {
	expect(settings.wordOrNull(text)).toBe(word);
	expect(settings.evmVersionIn({ evmVersion: text })).toBe(word);
});

test.each([
	['200', 200],
	[200, 200],
	['4294967295', 4_294_967_295],
	['0', 0],
	['', null],
	['many', null],
	['-1', null],
	['1.5', null],
	[1.5, null],
	['9'.repeat(40), null],
	[null, null],
	[{}, null],
	[[200], null],
	[true, null],
	[{ toString: 1, valueOf: 1 }, null],
])('%j runs are %j', (value, runs) => {
	expect(settings.wholeOrNull(value)).toBe(runs);
});

test('the optimizer is off where settings do not say that it is on', () => {
	expect(settings.optimizerIn({ optimizer: { enabled: true, runs: 7 } })).toEqual({
		enabled: true,
		runs: 7,
	});
	expect(settings.optimizerIn({ optimizer: null })).toEqual({ enabled: false, runs: null });
	expect(settings.optimizerIn({})).toEqual({ enabled: false, runs: null });
});
