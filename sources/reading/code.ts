/** The code of a text in Solidity or Yul, without comments and strings. */
export function codeOnly(text: string): string {
	return parts(text)
		.filter(({ kind }) => kind === 'code')
		.map((part) => part.text)
		.join('  ');
}

/** The comments of such a text. */
export function commentsIn(text: string): string[] {
	return parts(text)
		.filter(({ kind }) => kind === 'comment')
		.map((part) => part.text);
}

interface Part {
	kind: 'code' | 'comment' | 'string';
	text: string;
}

function parts(text: string): Part[] {
	const opening = /\/\/|\/\*|["']/g;
	const found: Part[] = [];
	let at = 0;
	for (;;) {
		opening.lastIndex = at;
		const next = opening.exec(text);
		found.push({ kind: 'code', text: text.slice(at, next?.index) });
		if (!next) return found;
		at = endOf(text, next.index, next[0]);
		const kind = next[0].startsWith('/') ? 'comment' : 'string';
		found.push({ kind, text: text.slice(next.index, at) });
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
