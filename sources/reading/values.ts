import { z } from 'zod';
import { type Address, addressOrNull } from '../../domain/address.ts';
import { isExactNumber, parseJsonExactly } from '../../domain/exact-json.ts';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
	return (
		typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
	);
}

/** A member of an object that is an object itself; an empty one for what is missing. */
export function objectIn(json: JsonObject, name: string): JsonObject {
	const value = json[name];
	return isObject(value) ? value : {};
}

/** The value of a JSON text with its numbers as they are, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return parseJsonExactly(text);
	} catch {
		return undefined;
	}
}

/** Deeper than any real settings or ABI; beyond it recursion could exhaust the stack. */
const maxDepth = 200;

/** JSON with the keys of every object sorted. Throws a `RangeError` for a value nested too deep. */
export function canonicalJson(value: unknown, depth = 0): string {
	if (depth > maxDepth) throw new RangeError(`JSON is nested deeper than ${maxDepth} levels`);
	if (Array.isArray(value)) {
		return `[${value.map((item) => canonicalJson(item, depth + 1)).join()}]`;
	}
	if (!isObject(value)) return JSON.stringify(value);
	const members = Object.keys(value)
		.sort()
		.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key], depth + 1)}`);
	return `{${members.join()}}`;
}

/** A field that should be a text and may be missing, null or a number: trimmed, '' for nothing. */
export const looseText = z.preprocess(
	(value) => (typeof value === 'object' ? '' : String(value ?? '').trim()),
	z.string(),
);

/** A path as it stands, with the white space that it may end in; '' for none or a blank one. */
export const loosePath = z.preprocess(
	(value) => (typeof value === 'string' && value.trim() !== '' ? value : ''),
	z.string(),
);

/** Hex digits as an upstream wrote them, with 0x; 0x alone for a text that is none. */
export function hexOf(text: string): string {
	const digits = text.trim().replace(/^0x/i, '');
	return /^[0-9a-f]*$/i.test(digits) ? `0x${digits}` : '0x';
}

/** The addresses among `values`, each once, without the zero address and the contract itself. */
export function otherAddresses(values: readonly unknown[], self: Address | null): Address[] {
	const addresses = values
		.map((value) => (typeof value === 'string' ? addressOrNull(value) : null))
		.filter((address) => address !== null)
		.filter((address) => address !== self && !/^0x0*$/.test(address));
	return [...new Set(addresses)];
}
