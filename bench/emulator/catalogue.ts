import { readFileSync } from 'node:fs';
import { z } from 'zod';

const entrySchema = z.strictObject({
	/** As `NAME@VERSION`, a row of `packages.json`. */
	package: z.string(),
	/** Where in the package it is read from, and what kind of file that is. */
	from: z.enum(['deployment', 'build-info', 'tree']),
	path: z.string(),
	chainId: z.int(),
	address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
	name: z.string(),
	/** The path of the file that holds the contract, in the tree that is served. */
	entry: z.string(),
	compiler: z.string(),
	shape: z.enum(['plain', 'standard', 'multi']),
	/** Of what is served: a flattened contract is one file. */
	files: z.int(),
	bytes: z.int(),
	proxy: z.boolean(),
	implementation: z.string().nullable(),
	/** From here on only for `tree`, where no build file has them. */
	abi: z.strictObject({ package: z.string(), path: z.string() }).optional(),
	settings: z
		.strictObject({
			optimizer: z.strictObject({ enabled: z.boolean(), runs: z.int() }).optional(),
			evmVersion: z.string().optional(),
			viaIR: z.boolean().optional(),
		})
		.optional(),
	args: z.array(z.string()).optional(),
});

/** Facts about one real contract; its source is read from the package, never from here. */
export type CatalogueEntry = Readonly<z.infer<typeof entrySchema>>;

export type Shape = CatalogueEntry['shape'];

/** All contracts that the emulator knows, as committed in `catalogue.json`. */
export function readCatalogue(): readonly CatalogueEntry[] {
	const text = readFileSync(new URL('catalogue.json', import.meta.url), 'utf8');
	return z.array(entrySchema).parse(JSON.parse(text));
}

/** One spelling for a contract, whatever the case of its address. */
export function contractKey(chainId: number | string, address: string): string {
	return `${chainId}:${address.toLowerCase()}`;
}
