import type { StandardJson } from './source.ts';

const mostCharacters = 256 * 2 ** 10;
const mostDepth = 20;

/**
 * All of a standard JSON input but its files, a line for each value, keys sorted; null where it is huge.
 * Takes its size from what is left of `effort`.
 */
export function settingsText(
	{ sources: _, ...rest }: StandardJson,
	effort: { characters: number },
): string | null {
	if (effort.characters <= 0) return null;
	const { length } = JSON.stringify(rest);
	effort.characters -= length;
	if (length > mostCharacters) return null;
	return `${print(rest, 0)}\n`;
}

function print(value: unknown, depth: number): string {
	// Deeper, the indentation alone could grow without bound.
	if (typeof value !== 'object' || value === null || depth === mostDepth) {
		return JSON.stringify(value);
	}
	const [open, close] = Array.isArray(value) ? '[]' : '{}';
	const items = Array.isArray(value)
		? value.map((item) => print(item, depth + 1))
		: Object.entries(value)
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([name, item]) => `${JSON.stringify(name)}: ${print(item, depth + 1)}`);
	if (items.length === 0) return `${open}${close}`;
	const indent = '  '.repeat(depth + 1);
	return `${open}\n${indent}${items.join(`,\n${indent}`)}\n${indent.slice(2)}${close}`;
}
