/** Of ECMAScript 2026: Node.js has it, and the compiler's library does not know it yet. */
interface ExactJson {
	parse(
		text: string,
		revive: (key: string, value: unknown, at: { source?: string }) => unknown,
	): unknown;
	rawJSON(text: string): object;
	isRawJSON(value: unknown): boolean;
}
const exact = JSON as unknown as ExactJson;

/** What a text must hold for a number in it to be more than JavaScript's numbers can be; a string may hold it too. */
const long = /(?:^|[[:,])\s*-?(?:\d{16}|\d[\d.]*e)/i;

/**
 * As `JSON.parse`, and whole numbers that JavaScript would round stay what they were: as values that `JSON.stringify`
 * writes again as they came, and `isExactNumber` tells from objects.
 */
export function parseJsonExactly(text: string): unknown {
	if (!long.test(text)) return JSON.parse(text);
	return exact.parse(text, (_, value, { source }) => {
		const isRounded = typeof value === 'number' && !isExact(value);
		return isRounded && source !== undefined ? exact.rawJSON(source) : value;
	});
}

function isExact(value: number): boolean {
	return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

export function isExactNumber(value: unknown): boolean {
	return exact.isRawJSON(value);
}
