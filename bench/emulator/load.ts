import type { CatalogueEntry } from './catalogue.ts';
import { loadBuildInfo } from './load-build-info.ts';
import { loadDeployment } from './load-deployment.ts';
import { loadTree } from './load-tree.ts';
import type { LoadedContract } from './loaded-contract.ts';

/** Reads a contract from its installed package; throws when the package or the file is not there. */
export async function loadContract(entry: CatalogueEntry): Promise<LoadedContract> {
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
