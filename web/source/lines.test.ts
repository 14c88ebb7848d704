import { expect, test } from 'vitest';
import { extended, lineHash, linesOf, splitLines } from './lines.ts';

test.each([
	['#L20', { from: 20, to: 20 }],
	['#L20-L40', { from: 20, to: 40 }],
	['#L20-40', { from: 20, to: 40 }],
	['#L40-L20', { from: 20, to: 40 }],
	['', null],
	['#main', null],
	['#L0', null],
	['#L-3', null],
	['#L99999999', null],
])('the hash %j names the lines %j', (hash, lines) => expect(linesOf(hash)).toEqual(lines));

test('lines are written as they are read', () => {
	for (const range of [
		{ from: 3, to: 3 },
		{ from: 3, to: 9 },
	]) {
		expect(linesOf(lineHash(range))).toEqual(range);
	}
});

test('a click selects a line, and with shift all up to it', () => {
	const one = extended(null, 8, false);
	expect(one).toEqual({ from: 8, to: 8 });
	expect(extended(one, 12, true)).toEqual({ from: 8, to: 12 });
	expect(extended(one, 3, true)).toEqual({ from: 3, to: 8 });
	expect(extended(one, 3, false)).toEqual({ from: 3, to: 3 });
	expect(extended(null, 3, true)).toEqual({ from: 3, to: 3 });
});

test('lines end as compilers count them', () => {
	expect(splitLines('a\r\nb\rc\nd')).toEqual(['a', 'b', 'c', 'd']);
	expect(splitLines('')).toEqual(['']);
});
