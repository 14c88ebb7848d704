import type { Files } from './files.ts';
import type { LinkedLibrary } from './settings.ts';
import { isObject, type JsonObject } from './values.ts';

/** What is said of the file that defines the contract. */
interface MainHints {
	/** Name of the contract, without a path. */
	name: string;
	/** Paths that the upstream gave, the most reliable first; '' for none. */
	paths: readonly string[];
}

/** The path of the file that defines the contract, or null where it is not clear. */
export function mainPathOf(files: Files, hints: MainHints): string | null {
	const paths = Object.keys(files);
	const named = hints.paths.find((path) => path !== '' && Object.hasOwn(files, path));
	return named ?? (paths.length === 1 ? paths[0] : undefined) ?? search(files, hints) ?? null;
}

/** `settings.compilationTarget` of a metadata or a standard JSON input; '' for what it lacks. */
export function targetOf(settings: JsonObject): { path: string; name: string } {
	const target = settings['compilationTarget'];
	const [path = '', name] = (isObject(target) ? Object.entries(target)[0] : undefined) ?? [];
	return { path, name: typeof name === 'string' ? name : '' };
}

function search(files: Files, { name, paths: hints }: MainHints): string | undefined {
	const paths = Object.keys(files);
	const kinds = definitionsIn(files).get(name) ?? [];
	const contracts = kinds.filter(({ kind }) => kind === 'contract' || kind === 'library');
	// An interface of the same name is often declared beside the contract, for its callers.
	const interfaces = kinds.filter(({ kind }) => kind === 'interface');
	const defining = (contracts.length > 0 ? contracts : interfaces).map(({ path }) => path);
	const ends = hints.filter((hint) => hint !== '').map((hint) => `/${hint}`);
	return (
		defining.find((path) => ends.some((end) => path.endsWith(end))) ??
		defining.find((path) => stem(path) === name) ??
		defining[0] ??
		only(paths.filter((path) => ends.some((end) => path.endsWith(end)))) ??
		only(paths.filter((path) => stem(path) === name)) ??
		only(paths.filter((path) => stem(path) === name && /\.(vy|yul)$/.test(path))) ??
		only(paths.filter((path) => files[path]?.content.includes(`object "${name}"`))) ??
		// In Vyper and Yul the file is the contract; beside it stand interfaces, which are .vyi or .json.
		only(paths.filter((path) => /\.(vy|yul)$/.test(path)))
	);
}

function only(paths: string[]): string | undefined {
	return paths.length === 1 ? paths[0] : undefined;
}

/** The file's name without its folder and its last extension. */
function stem(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}

type Kind = 'contract' | 'library' | 'interface';

const indexes = new WeakMap<Files, Map<string, { path: string; kind: Kind }[]>>();

/** What the Solidity files define, by name. Made once for each source, as it reads every file. */
function definitionsIn(files: Files) {
	const known = indexes.get(files);
	if (known) return known;
	const index = new Map<string, { path: string; kind: Kind }[]>();
	for (const [path, { content }] of Object.entries(files)) {
		for (const [, kind, name = ''] of codeOnly(content).matchAll(definition)) {
			const list = index.get(name) ?? [];
			if (!list.some((one) => one.path === path)) list.push({ path, kind: kind as Kind });
			index.set(name, list);
		}
	}
	indexes.set(files, index);
	return index;
}

const definition =
	/(?<![\w$.])(contract|library|interface)\s{1,200}([A-Za-z_$][\w$]{0,254})(?![\w$])/g;

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

function codeOnly(text: string): string {
	const opening = /\/\/|\/\*|["']/g;
	const code: string[] = [];
	let at = 0;
	for (;;) {
		opening.lastIndex = at;
		const found = opening.exec(text);
		if (!found) return code.join(' ') + text.slice(at);
		code.push(text.slice(at, found.index), '');
		at = endOf(text, found.index, found[0]);
	}
}

/** Where a text begins, behind white space and comments. */
export function startOfCode(text: string): number {
	let at = 0;
	for (;;) {
		at += /^[\s\uFEFF]*/.exec(text.slice(at, at + 1_000))?.[0].length ?? 0;
		const opening = text.slice(at, at + 2);
		if (opening === '//' || opening === '/*') at = endOf(text, at, opening);
		else if (!/^[\s\uFEFF]/.test(opening)) return at;
	}
}

function endOf(text: string, start: number, opening: string): number {
	if (opening === '/*' || opening === '//') {
		const closing = opening === '/*' ? '*/' : '\n';
		const end = text.indexOf(closing, start + 2);
		return end < 0 ? text.length : end + closing.length;
	}
	const stops = /["'\\\r\n]/g;
	stops.lastIndex = start + 1;
	for (let stop = stops.exec(text); stop; stop = stops.exec(text)) {
		if (stop[0] === '\\') stops.lastIndex += 1;
		else if (stop[0] === opening || stop[0] === '\n' || stop[0] === '\r') return stops.lastIndex;
	}
	return text.length;
}
