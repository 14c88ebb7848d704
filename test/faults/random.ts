/** Chance that repeats: the same seed gives the same throws in the same order. */
export interface Random {
	/** In [0, 1). */
	next(): number;
	/** A whole number from `from` to `to`, both included. */
	whole(from: number, to: number): number;
	chance(probability: number): boolean;
	pick<T>(from: readonly T[]): T;
	/** Picks by weight. */
	weighed<T extends { weight: number }>(from: readonly T[]): T;
}

export function createRandom(seed: number): Random {
	let state = seed >>> 0;

	/** Mulberry32: small, and good enough to choose what is broken next. */
	function next(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	const random: Random = {
		next,
		whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
		chance: (probability) => next() < probability,
		pick(from) {
			const chosen = from[Math.floor(next() * from.length)];
			if (chosen === undefined) throw new Error('nothing to pick from');
			return chosen;
		},
		weighed(from) {
			const total = from.reduce((sum, { weight }) => sum + weight, 0);
			let left = next() * total;
			for (const one of from) {
				left -= one.weight;
				if (left < 0) return one;
			}
			return random.pick(from);
		},
	};
	return random;
}
