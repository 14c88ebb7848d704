import { parseAddress } from '../domain/address.ts';
import { type Chains, requireChain } from '../domain/chain.ts';
import type { ContractKey } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import { decodePath } from './file-url.ts';

export type Resource = 'source.zip' | 'standard.json' | 'files';

/** What a URL asks for, as it was written. */
export interface DownloadRoute {
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
