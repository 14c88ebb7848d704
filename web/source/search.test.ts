import { expect, test } from 'vitest';
import { excerpt, mostHits, search } from './search.ts';

const files = new Map([
	['a.sol', 'uint Total;\r\n  total = total + 1;'],
	['b.sol', 'İ total'],
]);

test('every place is found, with its line and column', () => {
	const { hits } = search(files, 'total');
	expect(hits.map(({ path, line, column }) => [path, line, column])).toEqual([
		['a.sol', 1, 5],
		['a.sol', 2, 2],
		['a.sol', 2, 10],
		['b.sol', 1, 2],
	]);
});

test('case matters where the text has a capital letter', () => {
	expect(search(files, 'Total').hits.map(({ line }) => line)).toEqual([1]);
	expect(search(files, '').hits).toEqual([]);
});

test('what is found without end is cut', () => {
	const { hits, isCut } = search([['c', 'a'.repeat(mostHits + 1)]], 'a');
	expect([hits.length, isCut]).toEqual([mostHits, true]);
});

test('an excerpt is short on both sides', () => {
	const [hit] = search([['c', `${'x'.repeat(500)}needle${'y'.repeat(500)}`]], 'needle').hits;
	if (!hit) throw new Error('not found');
	const [before, found, after] = excerpt(hit);
	expect(found).toBe('needle');
	expect(before.length + after.length).toBeLessThan(120);
});
