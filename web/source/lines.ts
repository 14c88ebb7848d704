/** Lines that are pointed at, counted from 1. */
export interface LineRange {
	from: number;
	to: number;
}

/** Of a URL's hash, such as `#L20-L40`; null where it names no lines. */
export function linesOf(hash: string): LineRange | null {
	const [, first = '', last = first] = /^#L(\d{1,7})(?:-L?(\d{1,7}))?$/.exec(hash) ?? [];
	const [from, to] = [Number(first), Number(last)].toSorted((a, b) => a - b);
	return from && to ? { from, to } : null;
}

export function lineHash({ from, to }: LineRange): string {
	return from === to ? `#L${from}` : `#L${from}-L${to}`;
}

/** What a click on a line's number selects: with shift up to where the selection began. */
export function extended(selected: LineRange | null, line: number, shift: boolean): LineRange {
	if (!shift || !selected) return { from: line, to: line };
	return { from: Math.min(selected.from, line), to: Math.max(selected.to, line) };
}

/** As compilers and editors count them. */
export function splitLines(text: string): string[] {
	return text.split(/\r\n|\n|\r/);
}
