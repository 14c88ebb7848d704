import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, storedName } from './source-name.ts';

test.each(['Token', '', 'x'.repeat(255), '🦄'.repeat(127), 'Curve.fi: v1'])(
	'a name that has room is stored as it is: %j',
	(name) => {
		expect(storedName(name)).toBe(name);
	},
);

const long = fc
	.tuple(fc.string({ unit: 'grapheme' }), fc.nat(300), fc.constantFrom('A', '🦄', '\0'))
	.map(([start, times, more]) => start + more.repeat(times));

test('any name fits, by its whole text, and no character is cut', () => {
	fc.assert(
		fc.property(long, long, (one, other) => {
			expect([...storedName(one)].length).toBeLessThanOrEqual(255);
			expect(storedName(one).isWellFormed()).toBe(one.isWellFormed());
			expect(storedName(one) === storedName(other)).toBe(one === other);
		}),
		{ numRuns: 500 },
	);
});

test('names that differ beyond what fits are told apart, and nobody can take the place of one', () => {
	const name = `${'A'.repeat(252)}🦄🦄🦄`;
	expect(storedName(name)).not.toBe(storedName(`${name}🦄`));
	expect(storedName(storedName(name))).not.toBe(storedName(name));
});

test('a text is cut between characters', () => {
	expect(cut('a🦄b', 2)).toBe('a');
	expect(cut('a🦄b', 3)).toBe('a🦄');
	expect(cut('a\ud83e', 2)).toBe('a\ud83e');
});
