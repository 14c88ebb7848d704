export interface File {
	path: string;
	/** Bytes in UTF-8. */
	size: number;
	/** Of its content. */
	url: string;
	/** Its place in the list, from 1. */
	number: number;
}

export interface Folder {
	/** Several, where a folder holds nothing but another one: `@openzeppelin/contracts`. */
	name: string;
	path: string;
	folders: Folder[];
	files: (File & { name: string })[];
}

/** Names are data: an empty one, `..` or `<b>` is a folder like any other. */
export function treeOf(files: readonly File[]): Folder {
	const root: Folder = { name: '', path: '', folders: [], files: [] };
	const folders = new Map([['', root]]);
	for (const file of files) {
		const parts = file.path.split('/');
		const name = parts.pop() ?? '';
		let folder = root;
		let path = '';
		for (const part of parts) {
			path += `${part}/`;
			let next = folders.get(path);
			if (!next) {
				next = { name: part, path, folders: [], files: [] };
				folders.set(path, next);
				folder.folders.push(next);
			}
			folder = next;
		}
		folder.files.push({ ...file, name });
	}
	return { ...root, folders: root.folders.map(joined) };
}

/** A chain of folders that each hold one folder alone is one line. */
function joined(folder: Folder): Folder {
	const [only] = folder.folders;
	if (only && folder.folders.length === 1 && folder.files.length === 0) {
		return joined({ ...only, name: `${folder.name}/${only.name}` });
	}
	return { ...folder, folders: folder.folders.map(joined) };
}

/** The files whose path holds all words of the filter, in any case. */
export function filtered(files: readonly File[], filter: string): readonly File[] {
	const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return files;
	return files.filter(({ path }) => words.every((word) => path.toLowerCase().includes(word)));
}

/** What a person wrote the contract with, and seldom wants to read first. */
const dependencies = /^(?:@|lib\/|node_modules\/|hardhat\/|npm\/)/;

/** Folders that are closed until somebody opens them: of dependencies, where there are many files, but not of the open one. */
export function closedAtFirst(folder: Folder, files: readonly File[], open: string): boolean {
	if (files.length <= 12 || open.startsWith(folder.path)) return false;
	return dependencies.test(folder.path);
}
