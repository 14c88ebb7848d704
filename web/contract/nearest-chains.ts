interface Numbered {
	id: number;
}

/** The three whose number is written most like it, Ethereum among them where nothing is near. */
export function nearest<T extends Numbered>(written: string, chains: readonly T[]): T[] {
	return chains
		.map((chain) => ({ chain, slips: slips(written, String(chain.id)) }))
		.toSorted((a, b) => a.slips - b.slips || a.chain.id - b.chain.id)
		.slice(0, 3)
		.map(({ chain }) => chain);
}

/** How many digits are wrong, missing or too many. */
export function slips(from: string, to: string): number {
	let row = Array.from({ length: to.length + 1 }, (_, at) => at);
	for (const [i, digit] of [...from].entries()) {
		const next = [i + 1];
		for (const [j, other] of [...to].entries()) {
			const replaced = (row[j] ?? 0) + (digit === other ? 0 : 1);
			next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
		}
		row = next;
	}
	return row.at(-1) ?? 0;
}
