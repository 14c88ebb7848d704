/** Numbers of chains that are gone, mostly test networks, and of those that took their place. */
const formerly = new Map([
	[3, 11155111],
	[4, 11155111],
	[5, 11155111],
	[69, 11155420],
	[250, 146],
	[280, 300],
	[420, 11155420],
	[44787, 11142220],
	[80084, 80069],
	[167009, 167013],
]);

/**
 * The three chains that somebody who asked for an unknown id most likely meant, the likeliest first: the
 * one that took its place, then by the slips of the pen between the ids.
 */
export function nearestChains<T extends { id: number }>(id: number, chains: readonly T[]): T[] {
	return chains
		.map((chain) => ({ chain, slips: slips(id, chain.id), gap: Math.abs(id - chain.id) }))
		.sort((a, b) => a.slips - b.slips || a.gap - b.gap || a.chain.id - b.chain.id)
		.slice(0, 3)
		.map(({ chain }) => chain);
}

function slips(asked: number, known: number): number {
	if (formerly.get(asked) === known) return 0;
	// The digits as wallets show them: 89 for 0x89, which is 137.
	if (String(asked) === known.toString(16)) return 1;
	return editDistance(String(asked), String(known));
}

/** How many digits are wrong, missing, too many, or swapped with their neighbour. */
export function editDistance(from: string, to: string): number {
	const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
	const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
	for (const [i, digit] of [...from].entries()) {
		const row = [i + 1];
		rows.push(row);
		for (const [j, other] of [...to].entries()) {
			const swapped = digit === to[j - 1] && other === from[i - 1];
			const replaced = at(i, j) + (digit === other ? 0 : 1);
			const exchanged = swapped ? at(i - 1, j - 1) + 1 : replaced;
			row.push(Math.min(at(i, j + 1) + 1, at(i + 1, j) + 1, replaced, exchanged));
		}
	}
	return at(from.length, to.length);
}
