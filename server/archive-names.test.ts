import nodePath from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namesFile, safeNames } from './archive.ts';

describe('one path alone becomes', () => {
	test.each([
		['contracts/Token.sol', 'contracts/Token.sol'],
		['@openzeppelin/contracts@4.9.2/token.sol', '@openzeppelin/contracts@4.9.2/token.sol'],
		['.venv/lib/x.vy', '.venv/lib/x.vy'],
		['.sol', '.sol'],
		['__proto__', '__proto__'],
		['a%2Fb.sol', 'a%2Fb.sol'],
		['合约/代币 👩‍👩‍👧.sol', '合约/代币 👩‍👩‍👧.sol'],
		['e\u0301.sol', '\u00e9.sol'],
		['https://host/x//y.sol', 'https/host/x/y.sol'],
		['https://host/../../y.sol', 'https/host/_/_/y.sol'],
		['https://host/.../contracts//X.sol', 'https/host/_/contracts/X.sol'],
		['@openzeppelin/contracts@4.9.2/..', '@openzeppelin/contracts@4.9.2/_'],
		['a b.sol', 'a b.sol'],
		['../x.sol', '_/x.sol'],
		['./x.sol', 'x.sol'],
		['/C/Users/me/x.sol', 'C/Users/me/x.sol'],
		['C:\\Users\\me\\x.sol', 'C/Users/me/x.sol'],
		['C:x.sol', 'C_x.sol'],
		['\\\\host\\share\\x.sol', 'host/share/x.sol'],
		['a\nb.sol', 'a b.sol'],
		['a\0b.sol', 'a_b.sol'],
		['what?<is>|"this*".sol', 'what_is_this_.sol'],
		['con.sol', 'con_.sol'],
		['lib/NUL', 'lib/NUL_'],
		['dir./x.sol. ', 'dir/x.sol'],
		['\u202etxt.sol', '_txt.sol'],
		['\ud800.sol', '_.sol'],
		['.git/config', '_.git/config'],
		['.g\u200dit/config', '_.git/config'],
		['VERIFEED-NAMES.json', '_verifeed-names.json'],
		['verifeed-names.json/x.sol', '_verifeed-names.json/x.sol'],
		['', '_'],
		['/', '_'],
		['..', '_'],
		['\u200d', '_'],
		['.\u200d.', '_'],
		[`${'a'.repeat(300)}.sol`, `${'a'.repeat(116)}.sol`],
		[`aux${' '.repeat(200)}b.sol`, 'aux_.sol'],
		[`${'ü'.repeat(100)}.sol`, `${'ü'.repeat(58)}.sol`],
		[`${`${'b'.repeat(100)}/`.repeat(9)}c.sol`, `${`${'b'.repeat(100)}/`.repeat(3)}c.sol`],
	])('%j -> %j', (path, name) => {
		expect([...safeNames([path])]).toEqual([[path, name]]);
	});
});

test('paths that would be one file are numbered, and the safe ones keep their names', () => {
	const names = safeNames(['../x.sol', '_/x.sol', '_/X.sol', './a.sol', 'a.sol', 'a\u0301', 'á']);
	expect(Object.fromEntries(names)).toEqual({
		'_/X.sol': '_/X.sol',
		'_/x.sol': '_/x-2.sol',
		'../x.sol': '_/x-3.sol',
		'a.sol': 'a.sol',
		'./a.sol': 'a-2.sol',
		á: 'á',
		'a\u0301': 'á-2',
	});
});

test('a file never has the name of a folder', () => {
	const names = safeNames(['Attack', 'Attack.sol', 'attack/x.sol', 'attack-2', 'LIB:/x', 'lib']);
	expect(Object.fromEntries(names)).toEqual({
		Attack: 'Attack-3',
		'Attack.sol': 'Attack.sol',
		'attack/x.sol': 'attack/x.sol',
		'attack-2': 'attack-2',
		'LIB:/x': 'LIB/x',
		lib: 'lib-2',
	});
});

test('a number fits into the longest name', () => {
	const long = `${'a'.repeat(116)}.sol`;
	expect(safeNames([long, long.toUpperCase()]).get(long)).toBe(`${'a'.repeat(96)}-2.sol`);
});

test('paths of a million characters cost no more than their length', () => {
	const million = 1_000_000;
	const paths = ['.', ' ', ':', 'a/', '\\', '\u200d'].map((text) => `${text.repeat(million)}x.sol`);
	for (const name of safeNames(paths).values()) expect(name).toMatch(/\.sol$/);
});

const hostile = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				'/',
				'\\',
				'.',
				'..',
				':',
				' ',
				'a',
				'A',
				'con',
				'Con',
				'.sol',
				'-2',
				'_',
				'?',
			),
			fc.constantFrom(
				'\u200d',
				'ß',
				'SS',
				'e\u0301',
				'é',
				'Σ',
				'ς',
				'İ',
				'\0',
				'\n',
				'\ufb01',
				'ſ',
			),
			fc.constantFrom(
				'.git',
				namesFile,
				'x'.repeat(119),
				'ü'.repeat(70),
				'https://',
				'C:\\',
				'\u0301',
			),
			fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
			fc.string({ unit: 'binary', maxLength: 3 }),
		),
		{ maxLength: 12 },
	)
	.map((parts) => parts.join(''));
const hostileSet = fc.uniqueArray(hostile, { maxLength: 30 });

function same(name: string): string {
	return name.toLowerCase().normalize('NFC');
}

describe('whatever the paths are', () => {
	test('each has one name, no two are the same, and none is a file and a folder', () => {
		fc.assert(
			fc.property(hostileSet, (paths) => {
				const names = safeNames(paths);
				expect([...names.keys()].sort()).toEqual([...paths].sort());
				const files = new Set([...names.values()].map(same));
				expect(files.size).toBe(paths.length);
				expect(files).not.toContain(namesFile);
				for (const file of files) {
					const segments = file.split('/');
					for (let depth = 1; depth < segments.length; depth++) {
						expect(files).not.toContain(segments.slice(0, depth).join('/'));
					}
				}
			}),
			{ numRuns: 500 },
		);
	});

	test('no name leaves its folder, and every system accepts it', () => {
		fc.assert(
			fc.property(hostileSet, (paths) => {
				for (const name of safeNames(paths).values()) {
					expect(nodePath.posix.join('/out', name)).toBe(`/out/${name}`);
					expect(nodePath.win32.join('C:\\out', name)).toBe(
						`C:\\out\\${name.replaceAll('/', '\\')}`,
					);
					expect(name.isWellFormed() && name === name.normalize('NFC')).toBe(true);
					expect(Buffer.byteLength(name)).toBeLessThanOrEqual(405);
					for (const segment of name.split('/')) {
						expect(segment).not.toMatch(/^$|[<>:"|?*\\\p{Control}]|[. ]$/u);
						expect(segment).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d) *(\..*)?$/i);
						expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(120);
					}
				}
			}),
			{ numRuns: 500 },
		);
	});

	test('neither their order nor a second time changes the names', () => {
		fc.assert(
			fc.property(hostileSet, (paths) => {
				const names = safeNames(paths);
				expect(safeNames(paths.toReversed())).toEqual(names);
				for (const [name, again] of safeNames([...names.values()])) expect(again).toBe(name);
			}),
			{ numRuns: 500 },
		);
	});
});
