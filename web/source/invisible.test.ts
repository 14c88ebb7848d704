import { expect, test } from 'vitest';
import { countInvisible, cutAtInvisible, withCodes } from './invisible.ts';

test.each([
	['a right-to-left override', '\u202e', 'U+202E'],
	['an isolate', '\u2066', 'U+2066'],
	['a zero-width space', '\u200b', 'U+200B'],
	['a byte order mark', '\ufeff', 'U+FEFF'],
	['a soft hyphen', '\u00ad', 'U+00AD'],
	['a Hangul filler', '\u3164', 'U+3164'],
	['a tag', '\u{e0041}', 'U+E0041'],
	['an escape', '\u001b', 'U+001B'],
	['a line separator', '\u2028', 'U+2028'],
	['half of a pair', '\ud83d', 'U+D83D'],
	['a joiner between letters', '\u200d', 'U+200D'],
])('%s is shown', (_, character, code) => {
	const parts = cutAtInvisible(`ab${character}cd`);
	expect(parts).toEqual([
		'ab',
		{ code, name: expect.any(String), at: 2, length: character.length },
		'cd',
	]);
	expect(countInvisible(`ab${character}cd`)).toBe(1);
	expect(withCodes(`ab${character}`)).toBe(`ab[${code}]`);
});

test.each(['a\tb', 'naïve 日本語 שלום', '⚠️ 👩‍💻 ok', ''])('%j is as it is', (text) => {
	expect(cutAtInvisible(text)).toEqual(text ? [text] : []);
});

test('nothing of the text is lost', () => {
	const text = '\u202eif (a) {\u2066 // x \u2069\u200b\u200b';
	const parts = cutAtInvisible(text);
	const lengths = parts.map((part) => part.length);
	expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(text.length);
});
