/** What is coloured alike; each has its colour in look/variables.css. */
export const kinds = [
	'comment',
	'string',
	'number',
	'keyword',
	'type',
	'function',
	'name',
] as const;
export type Kind = (typeof kinds)[number];

const scopes: Record<Kind, string[]> = {
	comment: ['comment', 'punctuation.definition.comment'],
	string: ['string', 'punctuation.definition.string'],
	number: ['constant', 'support.constant'],
	keyword: [
		...['keyword', 'storage', 'keyword.control', 'variable.language', 'support.variable'],
		...['constant.language', 'keyword.comment.todo'],
	],
	type: ['storage.type', 'support.type', 'entity.name.type', 'support.class', 'entity.name.class'],
	function: ['entity.name.function', 'support.function', 'meta.function-call entity.name'],
	name: ['support.type.property-name', 'variable.parameter', 'meta.natspec keyword'],
};

/** A theme whose colours are the numbers of kinds, as the page itself says how they look. */
export const theme = {
	name: 'kinds',
	type: 'light' as const,
	fg: '#ffffff',
	bg: '#000000',
	settings: kinds.map((kind, at) => ({
		scope: scopes[kind],
		settings: { foreground: `#${(at + 1).toString(16).padStart(6, '0')}` },
	})),
};

/** Undoes `theme`; null for plain text. */
export function kindOf(color: string | undefined): number | null {
	const number = Number.parseInt(color?.slice(1) ?? '', 16);
	return number >= 1 && number <= kinds.length ? number - 1 : null;
}
