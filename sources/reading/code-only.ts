export function codeOnly(text: string): string {
	const opening = /\/\/|\/\*|["']/g;
	const code: string[] = [];
	let at = 0;
	for (;;) {
		opening.lastIndex = at;
		const found = opening.exec(text);
		if (!found) return code.join(' ') + text.slice(at);
		code.push(text.slice(at, found.index), '');
		at = endOf(text, found.index, found[0]);
	}
}

/** Where a text begins, behind white space and comments. */
export function startOfCode(text: string): number {
	let at = 0;
	for (;;) {
		at += /^[\s\uFEFF]*/.exec(text.slice(at, at + 1_000))?.[0].length ?? 0;
		const opening = text.slice(at, at + 2);
		if (opening === '//' || opening === '/*') at = endOf(text, at, opening);
		else if (!/^[\s\uFEFF]/.test(opening)) return at;
	}
}

function endOf(text: string, start: number, opening: string): number {
	if (opening === '/*' || opening === '//') {
		const closing = opening === '/*' ? '*/' : '\n';
		const end = text.indexOf(closing, start + 2);
		return end < 0 ? text.length : end + closing.length;
	}
	const stops = /["'\\\r\n]/g;
	stops.lastIndex = start + 1;
	for (let stop = stops.exec(text); stop; stop = stops.exec(text)) {
		if (stop[0] === '\\') stops.lastIndex += 1;
		else if (stop[0] === opening || stop[0] === '\n' || stop[0] === '\r') return stops.lastIndex;
	}
	return text.length;
}
