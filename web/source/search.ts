export interface Hit {
	path: string;
	/** From 1. */
	line: number;
	/** Where it begins within its line, and how long it is, in UTF-16 units. */
	column: number;
	length: number;
	text: string;
}

/** More are counted, not listed. */
export const mostHits = 2_000;

export interface Hits {
	hits: Hit[];
	isCut: boolean;
}

/** Every place of the text in the files, in their order. Case matters where the text has a capital letter. */
export function search(files: Iterable<readonly [string, string]>, text: string): Hits {
	const hits: Hit[] = [];
	if (!text) return { hits, isCut: false };
	const isExact = text !== text.toLowerCase();
	const wanted = isExact ? text : text.toLowerCase();
	for (const [path, content] of files) {
		const lines = content.split(/\r\n|\n|\r/);
		for (const [index, line] of lines.entries()) {
			const lower = line.toLowerCase();
			// A few letters are longer in lower case: places would not fit any more.
			const looked = isExact || lower.length !== line.length ? line : lower;
			for (
				let at = looked.indexOf(wanted);
				at >= 0;
				at = looked.indexOf(wanted, at + wanted.length)
			) {
				if (hits.length === mostHits) return { hits, isCut: true };
				hits.push({ path, line: index + 1, column: at, length: wanted.length, text: line });
			}
		}
	}
	return { hits, isCut: false };
}

/** The hit with its surroundings, as much as fits beside others in a list. */
export function excerpt({ text, column, length }: Hit, around = 12): [string, string, string] {
	const from = Math.max(0, column - around);
	const before = (from > 0 ? '…' : '') + text.slice(from, column).trimStart();
	return [
		before,
		text.slice(column, column + length),
		text.slice(column + length, column + length + 80),
	];
}
