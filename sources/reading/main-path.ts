import { codeOnly } from './code-only.ts';
import type { Files } from './files.ts';
import { isObject, type JsonObject } from './json.ts';

/** What is said of the file that defines the contract. */
export interface MainHints {
	/** Name of the contract, without a path. */
	name: string;
	/** Paths that the upstream gave, the most telling first; '' for none. */
	paths: readonly string[];
}

/** The path of the file that defines the contract, or null where it cannot be told. */
export function mainPathOf(files: Files, hints: MainHints): string | null {
	const paths = Object.keys(files);
	const told = hints.paths.find((path) => path !== '' && Object.hasOwn(files, path));
	return told ?? (paths.length === 1 ? paths[0] : undefined) ?? search(files, hints) ?? null;
}

/** `settings.compilationTarget` of a metadata or a standard JSON input; '' for what it lacks. */
export function targetOf(settings: JsonObject): { path: string; name: string } {
	const target = settings['compilationTarget'];
	const [path = '', name] = (isObject(target) ? Object.entries(target)[0] : undefined) ?? [];
	return { path, name: typeof name === 'string' ? name : '' };
}

function search(files: Files, { name, paths: hints }: MainHints): string | undefined {
	const paths = Object.keys(files);
	const kinds = paths.map((path) => ({
		path,
		kind: kindDefined(files[path]?.content ?? '', name),
	}));
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

/** What a Solidity text defines under a name: 'contract', 'library', 'interface' or nothing. */
function kindDefined(text: string, name: string): string | undefined {
	if (!/^[A-Za-z_$][\w$]{0,254}$/.test(name) || !text.includes(name)) return undefined;
	const escaped = name.replaceAll('$', '\\$');
	const definition = `(?<![\\w$.])(contract|library|interface)\\s{1,200}${escaped}(?![\\w$])`;
	return new RegExp(definition).exec(codeOnly(text))?.[1];
}
