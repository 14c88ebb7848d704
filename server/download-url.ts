import { parseAddress } from '../domain/address.ts';
import { type Chains, requireChain } from '../domain/chain.ts';
import type { ContractKey } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';

type Resource = 'source.zip' | 'standard.json' | 'files';

/** What a URL asks for, as it was written. */
interface DownloadRoute {
	chainId: string;
	address: string;
	resource: Resource;
	/** Null for the list of files. */
	path: string | null;
	/** Of an older source; null for the newest. */
	hash: string | null;
}

export interface Download {
	key: ContractKey;
	resource: Resource;
	path: string | null;
	hash: string | null;
}

const shape =
	/^\/contracts\/([^/?]*)\/([^/?]*)\/(?:(source\.zip|standard\.json)|files(?:\/([^?]*))?)(?:\?(.*))?$/s;

/**
 * Reads the URL of a request, which must never have been normalised: `a//../b.sol` is a file's name.
 * Null for one that is no download's.
 */
export function downloadRoute(url: string): DownloadRoute | null {
	const [, chainId, address, whole, path = '', query] =
		shape.exec(url.replace(/^https?:\/\/[^/?]*/i, '')) ?? [];
	if (chainId === undefined || address === undefined) return null;
	const hash = parameter(query, 'hash=');
	if (whole === 'source.zip' || whole === 'standard.json') {
		return { chainId, address, resource: whole, path: null, hash };
	}
	return { chainId, address, resource: 'files', path: path || parameter(query, 'path='), hash };
}

function parameter(query = '', start: `${string}=`): string | null {
	const found = query.split('&').find((part) => part.startsWith(start));
	return found?.slice(start.length) ?? null;
}

/** Throws a `BAD_USER_INPUT` that says which part is wrong. */
export function readDownload(route: DownloadRoute, chains: Chains): Download {
	const chainId = decodePath(route.chainId);
	if (!/^[1-9]\d{0,14}$/.test(chainId)) {
		throw badInput(
			`${JSON.stringify(chainId.slice(0, 60))} is not a chain id: write a whole number, such as 1 for Ethereum.`,
		);
	}
	requireChain(chains, Number(chainId));
	const key = { chainId: Number(chainId), address: parseAddress(decodePath(route.address)) };
	const path = route.path === null ? null : decodePath(route.path);
	const hash = route.hash === null ? null : parseHash(decodePath(route.hash));
	return { key, resource: route.resource, path, hash };
}

function parseHash(text: string): string {
	if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
	throw badInput(
		`${JSON.stringify(text.slice(0, 70))} is not the hash of a source: write the 64 hex digits of ContractSource.hash.`,
	);
}

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
