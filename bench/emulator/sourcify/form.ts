import { checksumAddress, isAddress } from 'viem';
import type { CatalogueEntry } from '../catalogue.ts';
import type { LoadedContract } from '../loaded-contract.ts';
import type { Target } from '../protocol.ts';
import { proxyTypes } from '../proxy-kind.ts';
import { uniform } from '../uniform.ts';

type Match = 'match' | 'exact_match' | null;

/** What every answer of Sourcify holds, whatever fields are asked for. */
export interface SourcifyMinimal {
	match: Match;
	creationMatch: Match;
	runtimeMatch: Match;
	/** A string of digits. */
	chainId: string;
	/** With its checksum. */
	address: string;
	verifiedAt: string;
	matchId: string;
}

export interface StdJsonInput {
	language: string;
	sources: Record<string, { content: string }>;
	settings: Record<string, unknown>;
}

export interface Compilation {
	language: string;
	compiler: string;
	/** Without a leading v. */
	compilerVersion: string;
	compilerSettings: Record<string, unknown>;
	name: string;
	fullyQualifiedName: string;
}

export interface ProxyResolution {
	isProxy: boolean;
	proxyType: string | null;
	implementations: readonly { address: string; name?: string }[];
}

/** A verified contract as Sourcify gives it with `fields=all`. What no package has is null. */
export interface SourcifyContract extends SourcifyMinimal {
	creationBytecode: object | null;
	runtimeBytecode: object | null;
	deployment: object | null;
	sources: Record<string, { content: string }> | null;
	compilation: Compilation | null;
	abi: readonly unknown[] | null;
	metadata: object | null;
	storageLayout: object | null;
	transientStorageLayout: object | null;
	userdoc: object | null;
	devdoc: object | null;
	sourceIds: object | null;
	stdJsonInput: StdJsonInput | null;
	stdJsonOutput: object | null;
	signatures: object | null;
	proxyResolution: ProxyResolution | null;
}

/** Says what Sourcify would say about a contract of the catalogue. */
export function toSourcify(entry: CatalogueEntry, contract: LoadedContract): SourcifyContract {
	const files = [...contract.files].sort(([a], [b]) => (a < b ? -1 : 1));
	const sources = Object.fromEntries(files.map(([path, content]) => [path, { content }]));
	// Only a build file proves by its hashes that the very metadata was compiled.
	const match = entry.from === 'tree' ? 'match' : 'exact_match';
	return {
		...emptyContract(entry.chainId, entry.address),
		match,
		creationMatch: match,
		runtimeMatch: match,
		sources,
		compilation: {
			language: 'Solidity',
			compiler: 'solc',
			compilerVersion: entry.compiler.replace(/^v/, ''),
			compilerSettings: contract.settings,
			name: entry.name,
			fullyQualifiedName: `${entry.entry}:${entry.name}`,
		},
		abi: contract.abi,
		stdJsonInput: { language: 'Solidity', sources, settings: contract.settings },
		proxyResolution: proxyResolution(entry),
	};
}

/** A verified contract of which nothing is known but its address, to be filled. */
export function emptyContract(chainId: number, address: string): SourcifyContract {
	const key = `${chainId} ${address.toLowerCase()}`;
	const days = Math.floor(uniform(`verified ${key}`) * 700);
	return {
		match: 'match',
		creationMatch: 'match',
		runtimeMatch: 'match',
		chainId: String(chainId),
		address: withChecksum(address),
		verifiedAt: new Date(Date.UTC(2024, 0, 1 + days, 12)).toISOString().replace('.000', ''),
		matchId: String(Math.floor(uniform(`match ${key}`) * 10_000_000)),
		creationBytecode: null,
		runtimeBytecode: null,
		deployment: null,
		sources: {},
		compilation: null,
		abi: [],
		metadata: null,
		storageLayout: null,
		transientStorageLayout: null,
		userdoc: null,
		devdoc: null,
		sourceIds: null,
		stdJsonInput: null,
		stdJsonOutput: null,
		signatures: null,
		proxyResolution: { isProxy: false, proxyType: null, implementations: [] },
	};
}

/** The body that comes with 404 for a contract that nobody has verified: no error, but nulls. */
export function notMatched({ chainId, address }: Target) {
	return {
		match: null,
		creationMatch: null,
		runtimeMatch: null,
		chainId,
		address: withChecksum(address),
	};
}

function proxyResolution({ proxy, name, implementation }: CatalogueEntry): ProxyResolution {
	return {
		isProxy: proxy,
		proxyType: proxy ? (proxyTypes[name]?.sourcify ?? null) : null,
		implementations: implementation === null ? [] : [{ address: withChecksum(implementation) }],
	};
}

function withChecksum(address: string): string {
	return isAddress(address, { strict: false }) ? checksumAddress(address) : address;
}
