import type { Address } from './address.ts';
import type { Provider } from './upstreams.ts';

export const matches = ['EXACT', 'PARTIAL', 'UNKNOWN'] as const;
export type Match = (typeof matches)[number];

/** All that is said about a source except its files and ABI, which are loaded by hash. */
export interface SourceDescription {
	/** SHA-256 in hex over language, files and settings; names the stored standard JSON. */
	hash: string;
	/** SHA-256 in hex of the stored ABI, or null where the upstream gave none. */
	abiHash: string | null;
	/** Bytes of its JSON. */
	abiSize: number;
	provider: Provider;
	/** Host that answered, such as api.etherscan.io. */
	origin: string;
	name: string;
	language: string;
	compilerVersion: string;
	evmVersion: string | null;
	optimizer: { enabled: boolean; runs: number | null };
	license: string | null;
	/** Hex with 0x; 0x alone where there were none. */
	constructorArguments: string;
	libraries: { name: string; address: Address }[];
	/** Whether it is compiled through Yul, as its settings say. */
	viaIr: boolean;
	/** As in the settings, such as `@oz/=lib/oz/`. */
	remappings: string[];
	match: Match;
	/** The verified twin that this source was taken from, where the upstream says so. */
	similarMatch: Address | null;
	/** Where the contract is a proxy: the contracts that hold its code, as the upstream names them. */
	implementations: Address[];
	/** Path of the file that defines the contract. */
	mainPath: string | null;
	fileCount: number;
	/** Bytes of all files together, in UTF-8. */
	size: number;
	fetchedAt: Date;
}

/** Solidity or Vyper standard JSON input, every source with its literal content. */
export interface StandardJson {
	language: string;
	sources: Record<string, { content: string }>;
	settings: Record<string, unknown>;
	[other: string]: unknown;
}

export interface SourceFile {
	path: string;
	content: string;
	/** Bytes in UTF-8. */
	size: number;
}

/** A source as an upstream delivered it, ready to be stored. */
export interface FetchedSource {
	description: Omit<SourceDescription, 'fetchedAt'>;
	standardJson: StandardJson;
	abi: unknown[] | null;
}

/** All files of a source, sorted by path. */
export function filesOf(standardJson: StandardJson): SourceFile[] {
	return Object.entries(standardJson.sources)
		.map(([path, { content }]) => ({ path, content, size: utf8.encode(content).length }))
		.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const utf8 = new TextEncoder();
