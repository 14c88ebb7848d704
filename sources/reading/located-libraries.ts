import type { Files } from './files.ts';
import { mainPathOf } from './main-path.ts';
import type { LinkedLibrary } from './settings.ts';

/** More than a contract links; for each one all files may be searched. */
const most = 20;

/**
 * Libraries with the file that defines each, where the upstream gave just its name: the compiler links
 * by file and name together.
 */
export function locatedLibraries(
	libraries: readonly LinkedLibrary[],
	files: Files,
): LinkedLibrary[] {
	const known = new Set(libraries.filter(({ path }) => path !== '').map(({ name }) => name));
	return libraries
		.filter(({ path, name }) => path !== '' || !known.has(name))
		.map((library, index) =>
			library.path !== '' || index >= most
				? library
				: { ...library, path: mainPathOf(files, { name: library.name, paths: [] }) ?? '' },
		);
}
