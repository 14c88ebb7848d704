import { commentsIn } from './code.ts';
import { wordOrNull } from './settings.ts';

/**
 * The licence that a source file states: in an SPDX comment or, in Vyper, by `@license` too. Null where it states none,
 * or several that contradict each other; what stands in the code or in a string is no statement.
 */
export function licenseIn(text: string, language: string): string | null {
	const isVyper = /^vyper$/i.test(language);
	const statement = isVyper ? ofVyper : spdx;
	const comments = isVyper ? commentsOfVyper(text) : commentsIn(text);
	const stated = comments.flatMap((comment) =>
		[...comment.matchAll(statement)].map(([, license = '']) => license.trim()),
	);
	const [license, contrary] = new Map(stated.map((one) => [one.toLowerCase(), one])).values();
	return license === undefined || contrary !== undefined ? null : wordOrNull(license);
}

const spdx = /SPDX-License-Identifier:[ \t]{0,20}([\w ()+.-]{1,100})/g;
const ofVyper = /(?:SPDX-License-Identifier:|@license\b)[ \t]{0,20}([\w ()+.-]{1,100})/g;

/** Comments, and the texts that stand by themselves at the start of a line, which document the file. */
function commentsOfVyper(text: string): string[] {
	const opening = /#|"""|'''|["']/g;
	const found: string[] = [];
	let at = 0;
	for (;;) {
		opening.lastIndex = at;
		const next = opening.exec(text);
		if (!next) return found;
		const start = next.index;
		const [mark] = next;
		at = mark === '#' ? endOfLine(text, start) : endOfString(text, start, mark);
		const isAlone =
			mark.length === 3 && (start === 0 || /[\r\n\uFEFF]/.test(text[start - 1] ?? ''));
		if (mark === '#' || isAlone) found.push(text.slice(start, at));
	}
}

function endOfLine(text: string, start: number): number {
	const end = text.indexOf('\n', start);
	return end < 0 ? text.length : end;
}

function endOfString(text: string, start: number, mark: string): number {
	const stops = mark.length === 3 ? new RegExp(`\\\\|${mark}`, 'g') : /["'\\\r\n]/g;
	stops.lastIndex = start + mark.length;
	for (let stop = stops.exec(text); stop; stop = stops.exec(text)) {
		if (stop[0] === '\\') stops.lastIndex += 1;
		else if (stop[0] === mark || /[\r\n]/.test(stop[0])) return stops.lastIndex;
	}
	return text.length;
}
