import { createTwoFilesPatch } from 'diff';
import { expect, test } from 'vitest';
import { countChanges, readPatch } from './patch.ts';

test('lines of a patch have their numbers in both files', () => {
	const patch = createTwoFilesPatch('a', 'a', 'one\ntwo\nthree\n', 'one\n-- 2\nthree\nfour\n');
	const lines = readPatch(patch).filter(({ kind }) => kind !== 'hunk');
	expect(lines.map(({ kind, text, from, to }) => [kind, text, from, to])).toEqual([
		['same', 'one', 1, 1],
		['removed', 'two', 2, null],
		['added', '-- 2', null, 2],
		['same', 'three', 3, 3],
		['added', 'four', null, 4],
	]);
	expect(countChanges(lines)).toEqual({ added: 2, removed: 1 });
});

test('nothing changed is nothing', () => expect(readPatch('')).toEqual([]));
