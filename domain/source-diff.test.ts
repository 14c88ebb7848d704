import { applyPatch, parsePatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StandardJson } from './source.ts';
import { changedFiles, diffSettings, type FileDiff, newEffort, patchOf } from './source-diff.ts';

function input(files: Record<string, string>, settings: Record<string, unknown> = {}) {
	const sources = Object.entries(files).map(([path, content]) => [path, { content }]);
	return { language: 'Solidity', sources: Object.fromEntries(sources), settings } as StandardJson;
}

function patch(before: string | null, after: string | null, path = 'a.sol') {
	const change = before === null ? 'ADDED' : after === null ? 'REMOVED' : 'CHANGED';
	return patchOf({ path, change, before, after }, newEffort());
}

const exact = { autoConvertLineEndings: false };

test('files are added, removed, changed or not named at all, and sorted by path', () => {
	const from = input({ same: '=', b: '1', ['__proto__']: 'old', z: 'gone' });
	const to = input({ same: '=', b: '2', ['__proto__']: 'new', a: 'came', constructor: 'c' });
	expect(changedFiles(from, to).map(({ path, change }) => [path, change])).toEqual([
		['__proto__', 'CHANGED'],
		['a', 'ADDED'],
		['b', 'CHANGED'],
		['constructor', 'ADDED'],
		['z', 'REMOVED'],
	]);
});

test('a patch is a unified diff that other tools read', () => {
	expect(patch('one\ntwo\nthree\n', 'one\n2\nthree')).toBe(
		'--- a/a.sol\n+++ b/a.sol\n@@ -1,3 +1,3 @@\n one\n-two\n-three\n+2\n+three\n\\ No newline at end of file\n',
	);
	expect(patch(null, 'x\r\n')).toBe('--- /dev/null\n+++ b/a.sol\n@@ -0,0 +1,1 @@\n+x\r\n');
	expect(patch('x\n', null)).toBe('--- a/a.sol\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n');
});

test.each(['a\nb.sol', '__proto__', '\ud800', '@@ -1 +1 @@', '/dev/null', 'a b', '', '"\\'])(
	'a file called %j cannot break its patch',
	(path) => {
		const text = patch('old\n', 'new\n', path) ?? '';
		expect(parsePatch(text)).toHaveLength(1);
		expect(parsePatch(text)[0]?.newFileName).toBe(`b/${path.toWellFormed()}`);
		expect(applyPatch('old\n', text)).toBe('new\n');
	},
);

describe('whatever the files are', () => {
	const line = fc.oneof(
		fc.constantFrom('', 'a', 'b', '}', '\t', '+', '-- x', '++ x', '@@ -1 +1 @@', '\\ No newline'),
		fc.constantFrom('\ud800', '\udc00x', '\ufeff', '\0', '\u2028', '\u202e', '😀', '__proto__'),
		fc.string({ unit: 'binary', maxLength: 4 }),
	);
	const end = fc.constantFrom('\n', '\r\n', '\r', '\n', '\r\n');
	const text = fc
		.array(fc.tuple(line, end), { maxLength: 30 })
		.chain((lines) => line.map((last) => lines.map((parts) => parts.join('')).join('') + last));
	const content = fc.option(text);

	test('the patch makes the new one of the old, to the letter', () => {
		fc.assert(
			fc.property(content, content, (before, after) => {
				const text = patch(before, after);
				expect(applyPatch(before ?? '', text ?? 'none', exact)).toBe(after ?? '');
			}),
			{ numRuns: 2_000 },
		);
	});

	test('an edit in the middle does so too', () => {
		fc.assert(
			fc.property(text, text, text, text, (start, removed, added, rest) => {
				const before = start + removed + rest;
				const after = start + added + rest;
				expect(applyPatch(before, patch(before, after) ?? 'none', exact)).toBe(after);
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('what costs too much', () => {
	const lines = (count: number, name: string) =>
		Array.from({ length: count }, (_, n) => `${name}${n}\n`).join('');

	test.each([
		['a file of 8 MB in one line', 'x'.repeat(8_000_000), `${'x'.repeat(7_999_999)}y`],
		['a file of a million lines', '\n'.repeat(1_000_000), '\n'.repeat(999_999)],
		['a new file of a million lines', null, '\n'.repeat(1_000_000)],
		['two files of 2,000 lines without one in common', lines(2_000, 'a'), lines(2_000, 'b')],
	])('has no patch: %s', (_, before, after) => {
		expect(patch(before, after)).toBeNull();
	});

	test('is counted against one effort, so that many files cost no more than a few', () => {
		const effort = newEffort();
		const [before, after] = [lines(100, 'a'), lines(100, 'b')];
		const file: FileDiff = { path: 'a', change: 'CHANGED', before, after };
		const patches = Array.from({ length: 1_000 }, () => patchOf(file, effort));
		expect(patches[0]).not.toBeNull();
		expect(patches.at(-1)).toBeNull();
		for (const left of Object.values(effort)) expect(left).toBeGreaterThanOrEqual(0);
	});

	test('is counted for settings as well, however large they are', () => {
		const effort = newEffort();
		const huge = input({}, { a: 'x'.repeat(8_000_000) });
		const diffs = Array.from({ length: 4 }, () => diffSettings(input({}), huge, effort));
		expect(diffs).toEqual(Array(4).fill({ equal: false, patch: null }));
		expect(patchOf({ path: 'a', change: 'ADDED', before: null, after: 'a' }, effort)).toBeNull();
	});

	test('a large file with a small change does not', () => {
		const before = lines(12_000, 'line ');
		const after = before.replace('line 6000\n', 'line six thousand\n');
		expect(applyPatch(before, patch(before, after) ?? '')).toBe(after);
	});
});

describe('settings', () => {
	test('are equal whatever the order of their names, and whatever the files', () => {
		const from = input({ a: '1' }, { optimizer: { enabled: true, runs: 200 }, viaIR: true });
		const to = input({ a: '2' }, { viaIR: true, optimizer: { runs: 200, enabled: true } });
		expect(diffSettings(from, to, newEffort())).toEqual({ equal: true });
	});

	test('that differ are shown line by line', () => {
		const from = input({}, { optimizer: { enabled: true, runs: 200 }, remappings: [] });
		const to = input({}, { optimizer: { enabled: true, runs: 999 }, remappings: ['@a/=b/'] });
		const diff = diffSettings(from, to, newEffort());
		expect(diff).toMatchObject({ equal: false });
		expect('patch' in diff ? diff.patch?.split('\n') : []).toEqual(
			expect.arrayContaining(['-      "runs": 200', '+      "runs": 999', '-    "remappings": []']),
		);
	});

	test.each([
		['huge', { a: 'x'.repeat(300_000) }],
		['empty lists beyond count', { a: Array.from({ length: 60_000 }, () => []) }],
	])('that are too large have no patch: %s', (_, settings) => {
		const diff = diffSettings(input({}), input({}, settings), newEffort());
		expect(diff).toEqual({ equal: false, patch: null });
	});

	test('nested a thousand deep are compared', () => {
		const deep = JSON.parse(`${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`);
		const diff = diffSettings(input({}), input({}, deep), newEffort());
		expect(diff).toMatchObject({ equal: false, patch: expect.stringContaining('"a"') });
	});

	test('called __proto__ count', () => {
		const settings = JSON.parse('{"__proto__":{"x":1}}');
		expect(diffSettings(input({}), input({}, settings), newEffort())).toMatchObject({
			patch: expect.stringContaining('__proto__'),
		});
	});
});
