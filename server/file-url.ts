import type { ContractKey } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';

/** Path on this server of the list of a contract's files; with a hash, of those of that source. */
export function filesUrl(key: ContractKey, hash: string | null = null): string {
	return `${root(key)}/files${hash === null ? '' : `?hash=${hash}`}`;
}

/** Path on this server of the standard JSON input; with a hash, of that source's. */
export function standardJsonUrl(key: ContractKey, hash: string | null = null): string {
	return `${root(key)}/standard.json${hash === null ? '' : `?hash=${hash}`}`;
}

function root(key: ContractKey): string {
	return `/contracts/${key.chainId}/${key.address}`;
}

/**
 * Path on this server of one file. Any file's path survives what browsers and curl make of a URL:
 * those that they would resolve away are asked for as `?path=`.
 */
export function fileUrl(key: ContractKey, path: string, hash: string | null = null): string {
	const resolvedAway = path === '' || path === '.' || path === '..';
	const url = `${filesUrl(key)}${resolvedAway ? '?path=' : '/'}${encodePath(path)}`;
	return hash === null ? url : `${url}${resolvedAway ? '&' : '?'}hash=${hash}`;
}

function encodePath(path: string): string {
	return path.replace(/\p{Surrogate}|\P{Surrogate}+/gu, (part) =>
		part.isWellFormed() ? encodeURIComponent(part) : encodeSurrogate(part.charCodeAt(0)),
	);
}

/** The three bytes that UTF-8 would give a lone surrogate, as WTF-8 does. */
function encodeSurrogate(unit: number): string {
	const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
	return bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join('');
}

const surrogate = /(%ED%[AB][0-9A-F]%[89AB][0-9A-F])/i;

/** Undoes `fileUrl`, and takes any mixture of plain and encoded. Throws a `BAD_USER_INPUT`. */
export function decodePath(raw: string): string {
	const parts = raw.split(surrogate);
	return parts.map((part, index) => (index % 2 ? decodeSurrogate(part) : decode(part))).join('');
}

function decodeSurrogate(encoded: string): string {
	const [, second = 0, third = 0] = Buffer.from(encoded.replaceAll('%', ''), 'hex');
	return String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
}

function decode(encoded: string): string {
	try {
		return decodeURIComponent(encoded);
	} catch {
		throw badInput(
			'The URL has a malformed percent-encoding: every % has to begin the two hex digits of a byte of UTF-8. Write a percent sign itself as %25.',
		);
	}
}
