import { readFile } from 'node:fs/promises';
import type { Abi } from 'viem';
import { z } from 'zod';
import type { CatalogueEntry } from './catalogue.ts';
import type { LoadedContract } from './loaded-contract.ts';
import { fromMetadata } from './metadata.ts';
import { packageFile } from './package-file.ts';

const buildInfoSchema = z.looseObject({
	output: z.looseObject({
		contracts: z.record(z.string(), z.record(z.string(), z.unknown())),
	}),
});

const outputSchema = z.looseObject({
	abi: z.array(z.looseObject({ type: z.string() })).transform((abi) => abi as unknown as Abi),
	metadata: z.string(),
	evm: z.looseObject({ deployedBytecode: z.looseObject({ object: z.string() }) }),
});

type Contracts = z.infer<typeof buildInfoSchema>['output']['contracts'];

// One build file holds a whole release, megabytes of it, and serves many contracts.
const builds = new Map<string, Promise<Contracts>>();

/** Reads one contract out of a Hardhat build file: what the compiler says went into it. */
export async function loadBuildInfo(entry: CatalogueEntry): Promise<LoadedContract> {
	const file = packageFile(entry.package, entry.path);
	const contracts = await readBuild(file);
	const output = outputSchema.parse(contracts[entry.entry]?.[entry.name]);
	return fromMetadata(output.metadata, {
		abi: output.abi,
		deployedBytecode: output.evm.deployedBytecode.object,
		constructorArguments: '',
	});
}

function readBuild(file: string): Promise<Contracts> {
	const known = builds.get(file);
	if (known) return known;
	const read = readFile(file, 'utf8').then(
		(text) => buildInfoSchema.parse(JSON.parse(text)).output.contracts,
	);
	builds.set(file, read);
	return read;
}
