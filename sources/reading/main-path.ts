import { codeOnly } from './code.ts';
import type { Files } from './files.ts';
import type { LinkedLibrary } from './settings.ts';
import { isObject, type JsonObject, objectIn } from './values.ts';

/** What is said of the file that defines the contract; '' for a path that is not given. */
interface MainHints {
	/** Name of the contract, without a path. */
	name: string;
	/** Given by whoever compiled it: they decide. */
	targets: readonly string[];
	/** Those of which the settings want output for the contract. */
	selected?: readonly string[];
	/** Given beside the files, the most reliable first: none holds that does not define the contract while others do. */
	paths?: readonly string[];
}

/**
 * The path of the file that defines the contract, or null where it is not clear. Nothing is guessed: what looks like
 * the contract may have been put beside it to be taken for it.
 */
export function mainPathOf(files: Files, hints: MainHints): string | null {
	const all = Object.keys(files);
	const { name, targets, selected = [], paths = [] } = hints;
	const target = targets.find((path) => path !== '' && Object.hasOwn(files, path));
	if (target !== undefined) return target;
	if (all.length === 1) return all[0] ?? null;
	const able = definingPaths(files, name);
	const possible = able.length > 0 ? able : all;
	const chosen = possible.filter((path) => selected.includes(path));
	const left = chosen.length > 0 ? chosen : possible;
	return only(left) ?? pathAmong(left, paths) ?? null;
}

function pathAmong(paths: readonly string[], hints: readonly string[]): string | undefined {
	const given = hints.filter((hint) => hint !== '');
	const whole = given.find((hint) => paths.includes(hint));
	if (whole !== undefined) return whole;
	const ends = given.map((hint) => only(paths.filter((path) => path.endsWith(`/${hint}`))));
	return ends.find((path) => path !== undefined);
}

/** `settings.compilationTarget` of a metadata or a standard JSON input; '' for what it lacks. */
export function targetOf(settings: JsonObject): { path: string; name: string } {
	const target = settings['compilationTarget'];
	const [path = '', name] = (isObject(target) ? Object.entries(target)[0] : undefined) ?? [];
	return { path, name: typeof name === 'string' ? name : '' };
}

/** The files that `settings.outputSelection` names for the contract; none where it wants all there are. */
export function selectedIn(settings: JsonObject, name: string): string[] {
	const selection = Object.entries(objectIn(settings, 'outputSelection'));
	const byName = selection.filter(([, wanted]) => isObject(wanted) && wants(wanted, name));
	// In Solidity outputs are wanted of each contract in a file, in Vyper of the file.
	const whole = selection.filter(
		([, wanted]) => isFilled(wanted) || (isObject(wanted) && wants(wanted, '*')),
	);
	const isOpen = byName.length === 0 && whole.some(([path]) => path === '*');
	const chosen = byName.length > 0 ? byName : whole;
	return isOpen ? [] : chosen.map(([path]) => path).filter((path) => path !== '*');
}

function wants(outputs: JsonObject, name: string): boolean {
	return Object.hasOwn(outputs, name) && isFilled(outputs[name]);
}

function isFilled(outputs: unknown): boolean {
	return Array.isArray(outputs) && outputs.length > 0;
}

/** The files that can be the contract of this name, as far as their language tells. */
function definingPaths(files: Files, name: string): string[] {
	const found = definitionsIn(files).get(name) ?? [];
	const best = kinds.map((kind) => found.filter((one) => one.kind === kind).map(pathOf));
	const defining = best.find((paths) => paths.length > 0);
	if (defining) return defining;
	const paths = Object.keys(files);
	const yul = paths.filter((path) => files[path]?.content.includes(`object "${name}"`));
	if (yul.length > 0) return yul;
	// In Vyper and Yul the file is the contract; beside it stand interfaces, which are .vyi or .json.
	return paths.filter((path) => /\.(vy|yul)$/.test(path));
}

function only(paths: readonly string[]): string | undefined {
	return paths.length === 1 ? paths[0] : undefined;
}

/** What can be deployed first. An interface of the same name is often declared beside a contract, for its callers. */
const kinds = ['deployable', 'abstract', 'interface'] as const;
type Definition = { path: string; kind: (typeof kinds)[number]; isLibrary: boolean };
const pathOf = ({ path }: Definition) => path;

const indexes = new WeakMap<Files, Map<string, Definition[]>>();

/** What the Solidity files define, by name. Made once for each source, as it reads every file. */
function definitionsIn(files: Files) {
	const known = indexes.get(files);
	if (known) return known;
	const index = new Map<string, Definition[]>();
	for (const [path, { content }] of Object.entries(files)) {
		// Older Vyper declares what it calls as `contract Token:`.
		if (/\.(vyi?|json|yul)$/.test(path)) continue;
		for (const [, abstract, word, name = ''] of codeOnly(content).matchAll(definition)) {
			const list = index.get(name) ?? [];
			const kind = word === 'interface' ? word : abstract ? 'abstract' : 'deployable';
			const isLibrary = word === 'library';
			if (!list.some((one) => one.path === path)) list.push({ path, kind, isLibrary });
			index.set(name, list);
		}
	}
	indexes.set(files, index);
	return index;
}

const definition =
	/(?<![\w$.])(abstract\s{1,200})?(?<![\w$.])(contract|library|interface)\s{1,200}([A-Za-z_$][\w$]{0,254})(?![\w$])/g;

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
				: { ...library, path: libraryPath(library.name, files) ?? '' },
		);
}

function libraryPath(name: string, files: Files): string | undefined {
	const found = definitionsIn(files).get(name) ?? [];
	return (
		only(found.filter(({ isLibrary }) => isLibrary).map(pathOf)) ??
		mainPathOf(files, { name, targets: [] }) ??
		undefined
	);
}
