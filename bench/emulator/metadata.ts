import { type Abi, keccak256, stringToBytes } from 'viem';
import { z } from 'zod';
import { type LoadedContract, settingsSchema } from './loaded-contract.ts';

const sourceSchema = z.looseObject({ keccak256: z.string(), content: z.string() });

const metadataSchema = z.looseObject({
	compiler: z.looseObject({ version: z.string() }),
	settings: settingsSchema,
	sources: z.record(z.string(), sourceSchema),
});

/** What a build file keeps beside the metadata. */
export interface BuildFacts {
	abi: Abi;
	deployedBytecode: string;
	constructorArguments: string;
}

/**
 * Turns a compiler's metadata with literal sources into the contract that was compiled: exactly the
 * files that went in, proved by their hashes, and the settings, less the `compilationTarget` that
 * only metadata has.
 */
export function fromMetadata(metadata: string, facts: BuildFacts): LoadedContract {
	const { compiler, sources, settings } = metadataSchema.parse(JSON.parse(metadata));
	const { compilationTarget: _, ...input } = settings;
	const [version = ''] = compiler.version.split('+');
	const files = Object.entries(sources).map(
		([path, source]) => [path, genuine(path, source, version)] as const,
	);
	return {
		files: new Map(files),
		settings: input,
		abi: facts.abi,
		constructorArguments: facts.constructorArguments,
		swarmSource: swarmSource(facts.deployedBytecode),
	};
}

/** The content that the hash vouches for; throws when that is not to be had. */
function genuine(path: string, source: z.infer<typeof sourceSchema>, version: string): string {
	const { content, keccak256: hash } = source;
	if (keccak256(stringToBytes(content)) === hash) return content;
	// In some records the pragma was raised together with that of the project, after the deployment.
	const original = content.replace(/^pragma solidity [^;]+;/m, `pragma solidity ${version};`);
	if (keccak256(stringToBytes(original)) === hash) return original;
	throw new Error(`${path} is not the file that was compiled`);
}

/** The hash of the metadata that the compiler leaves at the end of the code. */
function swarmSource(deployedBytecode: string): string {
	const ipfs = /a264697066735822[0-9a-f]{4}([0-9a-f]{64})64736f6c63[0-9a-f]{12}$/.exec(
		deployedBytecode,
	);
	return ipfs ? `ipfs://${ipfs[1]}` : '';
}
