import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Abi } from 'viem';
import { z } from 'zod';
import type { CatalogueEntry } from './catalogue.ts';
import { encodeConstructor } from './load-deployment.ts';
import type { LoadedContract } from './loaded-contract.ts';
import { packageFile } from './package-file.ts';

const abiFileSchema = z.union([
	z.array(z.unknown()),
	z.looseObject({ abi: z.array(z.unknown()) }).transform((build) => build.abi),
]);

/** Reads a contract and all it imports from the plain .sol files of the packages. */
export async function loadTree(entry: CatalogueEntry): Promise<LoadedContract> {
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
	const dependency = `${scope}/${project}`;
	return packageFile(entry.dependencies?.[dependency] ?? dependency, rest.join('/'));
}

async function readAbi(entry: CatalogueEntry): Promise<Abi> {
	if (!entry.abi) throw new Error(`${entry.name}: the catalogue names no file with its interface`);
	const text = await readFile(packageFile(entry.abi.package, entry.abi.path), 'utf8');
	return abiFileSchema.parse(JSON.parse(text)) as unknown as Abi;
}
