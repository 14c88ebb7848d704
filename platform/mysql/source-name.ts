import { createHash } from 'node:crypto';

/** Characters of the column. */
const most = 255;
/** SHA-256 in hex. */
const hashLength = 64;

/**
 * A contract's name as its column holds it, to be found again by. One that is longer ends in its hash; the zero before it
 * tells it from a name that ends so itself.
 */
export function storedName(name: string): string {
	if (name.length <= most && !name.includes('\0')) return name;
	const hash = createHash('sha256').update(name).digest('hex');
	return `${cut(name, most - hashLength - 1)}\0${hash}`;
}

/** The beginning of a text, which does not end in half a character. */
export function cut(text: string, length: number): string {
	const start = text.slice(0, length);
	return text.length > length && /[\uD800-\uDBFF]$/.test(start) ? start.slice(0, -1) : start;
}
