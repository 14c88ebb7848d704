import { z } from 'zod';
import { proxyKind } from './proxy.ts';
import { address, defineRecord, time, whole } from './record.ts';
import { providers } from './upstreams.ts';

export const matches = ['EXACT', 'PARTIAL', 'UNKNOWN'] as const;
export type Match = (typeof matches)[number];

const creation = z.object({ transaction: z.string(), block: whole.nullable(), deployer: address });
export type Creation = z.output<typeof creation>;

const delivered = z.object({
	swarmSource: z.string(),
	library: z.string(),
	evmVersion: z.string(),
	licenseType: z.string(),
});

/** All that is said about a source except its files and ABI, which are loaded by hash. */
export const sourceDescription = z.object({
	/** SHA-256 in hex over language, files and settings; names the stored standard JSON. */
	hash: z.string(),
	/** SHA-256 in hex of the stored ABI, or null where the upstream gave none. */
	abiHash: z.string().nullable(),
	/** Bytes of its JSON. */
	abiSize: whole.default(0),
	provider: z.enum(providers),
	/** Host that answered, such as api.etherscan.io. */
	origin: z.string(),
	name: z.string(),
	language: z.string(),
	compilerVersion: z.string(),
	evmVersion: z.string().nullable(),
	optimizer: z.object({ enabled: z.boolean(), runs: z.number().nullable() }),
	license: z.string().nullable(),
	/** Hex with 0x; 0x alone where there were none, or where they are long and stored apart. */
	constructorArguments: z.string(),
	/** SHA-256 in hex of those that are stored apart. */
	argumentsHash: z.string().nullable().default(null),
	argumentsSize: whole.default(0),
	libraries: z.array(z.object({ name: z.string(), address })),
	/** Whether it is compiled through Yul, as its settings say. */
	viaIr: z.boolean().default(false),
	/** As in the settings, such as `@oz/=lib/oz/`. */
	remappings: z.array(z.string()).default([]),
	/** In Etherscan's own words, which tools are given back. */
	delivered: delivered.nullable().default(null),
	match: z.enum(matches),
	/** The verified twin that this source was taken from, where the upstream says so. */
	similarMatch: address.nullable().default(null),
	/** Where the contract is a proxy: the contracts that hold its code, as the upstream names them. */
	implementations: z.array(address).default([]),
	/** As a proxy, where the upstream says it. */
	proxyKind,
	/** Who made the contract, and by which transaction, where the upstream says it. */
	creation: creation.nullable().default(null),
	/** Path of the file that defines the contract. */
	mainPath: z.string().nullable(),
	fileCount: whole,
	/** Bytes of all files together, in UTF-8. */
	size: whole,
	fetchedAt: time,
});
export type SourceDescription = z.output<typeof sourceDescription>;
export const sourceDescriptions = defineRecord(sourceDescription);

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
	/** Constructor arguments that are stored apart. */
	longArguments: string | null;
}

/** All files of a source, sorted by path. */
export function filesOf(standardJson: StandardJson): SourceFile[] {
	return Object.entries(standardJson.sources)
		.map(([path, { content }]) => ({ path, content, size: utf8.encode(content).length }))
		.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const utf8 = new TextEncoder();
