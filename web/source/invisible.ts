/**
 * Characters that show nothing, or change the order in which others are shown: control characters, zero-width ones,
 * those of bidirectional text, tags, fillers, lone surrogates. An emoji may have its joiners and its presentation.
 */
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is looked for.
// biome-ignore-start lint/suspicious/noMisleadingCharacterClass: each stands for itself.
const unseen =
	/(?<!\p{Extended_Pictographic}\p{M}*)[\u200d\ufe0f]|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is looked for.
// biome-ignore-end lint/suspicious/noMisleadingCharacterClass: each stands for itself.

const names: Record<string, string> = {
	'\u200b': 'zero-width space',
	'\u200c': 'zero-width non-joiner',
	'\u200d': 'zero-width joiner',
	'\u200e': 'left-to-right mark',
	'\u200f': 'right-to-left mark',
	'\u202a': 'left-to-right embedding',
	'\u202b': 'right-to-left embedding',
	'\u202c': 'end of embedding or override',
	'\u202d': 'left-to-right override',
	'\u202e': 'right-to-left override',
	'\u2060': 'word joiner',
	'\u2066': 'left-to-right isolate',
	'\u2067': 'right-to-left isolate',
	'\u2068': 'first strong isolate',
	'\u2069': 'end of isolate',
	'\u00ad': 'soft hyphen',
	'\ufeff': 'byte order mark',
};

export interface Mark {
	/** Such as U+202E. */
	code: string;
	name: string;
	/** Where it is, and for how many UTF-16 units it stands. */
	at: number;
	length: number;
}

/** The text in order, cut where something in it cannot be seen. */
export function cutAtInvisible(text: string): (string | Mark)[] {
	if (/^[\t -~]*$/.test(text)) return text ? [text] : [];
	const parts: (string | Mark)[] = [];
	let from = 0;
	for (const match of text.matchAll(unseen)) {
		if (match.index > from) parts.push(text.slice(from, match.index));
		const [character] = match;
		parts.push(markOf(character, match.index));
		from = match.index + character.length;
	}
	if (from < text.length) parts.push(text.slice(from));
	return parts;
}

function markOf(character: string, at = 0): Mark {
	const number = character.codePointAt(0) ?? 0;
	const code = `U+${number.toString(16).toUpperCase().padStart(4, '0')}`;
	return { code, name: names[character] ?? 'invisible character', at, length: character.length };
}

export function countInvisible(text: string): number {
	return text.match(unseen)?.length ?? 0;
}

/** For attributes and titles, where there is no mark: the code in brackets. */
export function withCodes(text: string): string {
	return text.replace(unseen, (character) => `[${markOf(character).code}]`);
}
