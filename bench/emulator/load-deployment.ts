import { readFile } from 'node:fs/promises';
import { type Abi, type AbiParameter, encodeAbiParameters } from 'viem';
import { z } from 'zod';
import type { CatalogueEntry } from './catalogue.ts';
import type { LoadedContract } from './loaded-contract.ts';
import { fromMetadata } from './metadata.ts';
import { packageFile } from './package-file.ts';

const deploymentSchema = z.looseObject({
	// The file is the deployer's own record, so the interface is taken as it stands.
	abi: z.array(z.looseObject({ type: z.string() })).transform((abi) => abi as unknown as Abi),
	args: z.array(z.unknown()).default([]),
	metadata: z.string(),
	deployedBytecode: z.string().default(''),
});

/** Reads a hardhat-deploy record, the exact sources and constructor arguments of a deployment. */
export async function loadDeployment(entry: CatalogueEntry): Promise<LoadedContract> {
	const text = await readFile(packageFile(entry.package, entry.path), 'utf8');
	const deployment = deploymentSchema.parse(JSON.parse(text));
	return fromMetadata(deployment.metadata, {
		abi: deployment.abi,
		deployedBytecode: deployment.deployedBytecode,
		constructorArguments: encodeConstructor(deployment.abi, deployment.args),
	});
}

/** The arguments as they were appended to the code, without 0x. */
export function encodeConstructor(abi: Abi, args: readonly unknown[]): string {
	const inputs: readonly AbiParameter[] =
		abi.find((item) => item.type === 'constructor')?.inputs ?? [];
	if (inputs.length === 0) return '';
	return encodeAbiParameters(inputs, args).slice(2);
}
