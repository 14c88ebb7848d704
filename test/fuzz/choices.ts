import fc from 'fast-check';

/** Decisions that something random is made of, one after the other: 0, the plainest, when none is left. */
export interface Choices {
	/** A whole number below `count`. */
	whole(count: number): number;
	pick<T>(from: readonly T[]): T;
	oneIn(count: number): boolean;
	/** A value that nobody expects. */
	odd(): unknown;
	oddText(): string;
}

const numbers = fc.array(fc.nat({ max: 9_999 }), { maxLength: 400, size: 'max' });
const texts = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 30 }),
	fc.string({ unit: 'grapheme', maxLength: 30 }),
	fc.constantFrom('', '\u0000', '\ud800', '__proto__', 'constructor', '{', '"', '\\', '$', '0x'),
	fc.constantFrom('a'.repeat(5_000), '[{'.repeat(150), '9'.repeat(400), '1e999', '../../etc'),
);
const values = fc.oneof(texts, fc.jsonValue({ maxDepth: 3 }), fc.double(), fc.maxSafeInteger());

/** Whatever `make` makes of random decisions. A failing one is made simpler by leaving decisions out. */
export function madeOf<T>(make: (choices: Choices) => T): fc.Arbitrary<T> {
	const odds = fc.array(values, { minLength: 1, maxLength: 4 });
	const oddTexts = fc.array(texts, { minLength: 1, maxLength: 4 });
	return fc
		.record({ numbers, odds, oddTexts })
		.map((given) => make(createChoices(given.numbers, given.odds, given.oddTexts)));
}

function createChoices(
	decisions: readonly number[],
	odds: readonly unknown[],
	oddTexts: readonly string[],
): Choices {
	let at = 0;
	const whole = (count: number) => (decisions[at++] ?? 0) % count;
	function pick<T>(from: readonly T[]): T {
		const chosen = from[whole(from.length)];
		if (chosen === undefined) throw new Error('nothing to pick from');
		return chosen;
	}
	return {
		whole,
		pick,
		oneIn: (count) => whole(count) === count - 1,
		odd: () => odds[whole(odds.length)],
		oddText: () => pick(oddTexts),
	};
}
