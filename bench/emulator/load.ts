import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { type Abi, type AbiParameter, encodeAbiParameters } from 'viem';
import { z } from 'zod';
import { type CatalogueEntry, readCatalogue } from './catalogue.ts';
import type { LoadedContract } from './loaded-contract.ts';
import { fromMetadata } from './metadata.ts';
import { dependencyOf, fetchPackages, packageFile } from './packages.ts';

let fetched: Promise<void> | undefined;

/** Fetches the packages of the whole catalogue, where they are not there yet; throws with what to do. */
export function fetchContracts(): Promise<void> {
	fetched ??= fetchPackages(
		readCatalogue().flatMap((entry) => [entry.package, ...(entry.abi ? [entry.abi.package] : [])]),
		'the contracts of the emulator',
	);
	return fetched;
}

/** Reads a contract from its package, which is fetched if need be; throws when a file is not there. */
export async function loadContract(entry: CatalogueEntry): Promise<LoadedContract> {
	await fetchContracts();
	switch (entry.from) {
		case 'deployment':
			return await loadDeployment(entry);
		case 'build-info':
			return await loadBuildInfo(entry);
		case 'tree':
			return await loadTree(entry);
		default:
			return entry.from satisfies never;
	}
}

// These files are the deployer's and the compiler's own records, so the interface is taken as it stands.
const abiSchema = z
	.array(z.looseObject({ type: z.string() }))
	.transform((abi) => abi as unknown as Abi);

const deploymentSchema = z.looseObject({
	abi: abiSchema,
	args: z.array(z.unknown()).default([]),
	metadata: z.string(),
	deployedBytecode: z.string().default(''),
});

/** A hardhat-deploy record has the exact sources and constructor arguments of a deployment. */
async function loadDeployment(entry: CatalogueEntry): Promise<LoadedContract> {
	const text = await readFile(packageFile(entry.package, entry.path), 'utf8');
	const deployment = deploymentSchema.parse(JSON.parse(text));
	return fromMetadata(deployment.metadata, {
		abi: deployment.abi,
		deployedBytecode: deployment.deployedBytecode,
		constructorArguments: encodeConstructor(deployment.abi, deployment.args),
	});
}

/** The arguments as they were appended to the code, without 0x. */
function encodeConstructor(abi: Abi, args: readonly unknown[]): string {
	const inputs: readonly AbiParameter[] =
		abi.find((item) => item.type === 'constructor')?.inputs ?? [];
	if (inputs.length === 0) return '';
	return encodeAbiParameters(inputs, args).slice(2);
}

const buildInfoSchema = z.looseObject({
	output: z.looseObject({
		contracts: z.record(z.string(), z.record(z.string(), z.unknown())),
	}),
});

const outputSchema = z.looseObject({
	abi: abiSchema,
	metadata: z.string(),
	evm: z.looseObject({ deployedBytecode: z.looseObject({ object: z.string() }) }),
});

type Contracts = z.infer<typeof buildInfoSchema>['output']['contracts'];

// One build file holds a whole release, megabytes of it, and serves many contracts.
const builds = new Map<string, Promise<Contracts>>();

/** A Hardhat build file has what the compiler says went into a contract. */
async function loadBuildInfo(entry: CatalogueEntry): Promise<LoadedContract> {
	const file = packageFile(entry.package, entry.path);
	const build = builds.get(file) ?? readBuild(file);
	builds.set(file, build);
	const output = outputSchema.parse((await build)[entry.entry]?.[entry.name]);
	return fromMetadata(output.metadata, {
		abi: output.abi,
		deployedBytecode: output.evm.deployedBytecode.object,
		constructorArguments: '',
	});
}

async function readBuild(file: string): Promise<Contracts> {
	return buildInfoSchema.parse(JSON.parse(await readFile(file, 'utf8'))).output.contracts;
}

const abiFileSchema = z.union([
	z.array(z.unknown()),
	z.looseObject({ abi: z.array(z.unknown()) }).transform((build) => build.abi),
]);

/** A contract and all it imports, from the plain .sol files of the packages. */
async function loadTree(entry: CatalogueEntry): Promise<LoadedContract> {
	const files = new Map<string, string>();
	await follow(entry, entry.entry, files, new Set());
	const abi = await readAbi(entry);
	return {
		files,
		settings: entry.settings ?? {},
		abi,
		constructorArguments: entry.args ? encodeConstructor(abi, entry.args) : '',
		swarmSource: '',
	};
}

/** Depth first, so that a file stands behind everything that it imports. */
async function follow(
	entry: CatalogueEntry,
	name: string,
	files: Map<string, string>,
	seen: Set<string>,
): Promise<void> {
	if (seen.has(name)) return;
	seen.add(name);
	const content = await readFile(locate(entry, name), 'utf8');
	for (const imported of importsOf(content)) {
		const target = imported.startsWith('.') ? posix.join(posix.dirname(name), imported) : imported;
		await follow(entry, target, files, seen);
	}
	files.set(name, content);
}

/** The paths that a Solidity file imports, as written there. */
export function importsOf(content: string): string[] {
	const statements = content.matchAll(/^[ \t]*import\s+(?:[^'";]*\sfrom\s+)?['"]([^'"]+)['"]/gm);
	return [...statements].flatMap((statement) => statement[1] ?? []);
}

/** Where a file of the served tree lies: in the contract's own package, or in one it imports. */
function locate(entry: CatalogueEntry, name: string): string {
	if (!name.startsWith('@')) {
		// The tree may have a leading folder that the package has not.
		const added = entry.entry.length - entry.path.length;
		return packageFile(entry.package, name.slice(added));
	}
	const [scope, project, ...rest] = name.split('/');
	return packageFile(dependencyOf(entry.package, `${scope}/${project}`), rest.join('/'));
}

async function readAbi(entry: CatalogueEntry): Promise<Abi> {
	if (!entry.abi) throw new Error(`${entry.name}: the catalogue names no file with its interface`);
	const text = await readFile(packageFile(entry.abi.package, entry.abi.path), 'utf8');
	return abiFileSchema.parse(JSON.parse(text)) as unknown as Abi;
}
