/** A figure of two sides that were measured in turn: the ratio of each pair. */
export interface Ratio {
	median: number;
	lowest: number;
	highest: number;
}

/** As one machine is never twice as fast as it was, only figures next to each other are compared. */
export function ratioOf(pairs: readonly { one: number; other: number }[]): Ratio {
	const ratios = pairs.map(({ one, other }) => one / other).sort((a, b) => a - b);
	return {
		median: median(ratios),
		lowest: ratios[0] ?? Number.NaN,
		highest: ratios.at(-1) ?? Number.NaN,
	};
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const [low = Number.NaN, high = low] = sorted.slice(
		sorted.length % 2 === 0 ? middle - 1 : middle,
		middle + 1,
	);
	return (low + high) / 2;
}
