export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a JSON text, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
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
