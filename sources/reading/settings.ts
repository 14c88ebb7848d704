import { type Address, addressOrNull } from '../../domain/address.ts';
import type { SourceDescription } from '../../domain/source.ts';
import { isObject, type JsonObject } from './values.ts';

type Library = SourceDescription['libraries'][number];
type Optimizer = SourceDescription['optimizer'];

/** A library and the file it is in, '' where that is not said. */
export type LinkedLibrary = Library & { path: string };

/** `settings.optimizer` of a standard JSON input, or Vyper's `settings.optimize`. */
export function optimizerIn(settings: JsonObject): Optimizer {
	const { optimize } = settings;
	const optimizer = isObject(settings['optimizer']) ? settings['optimizer'] : {};
	const level = typeof optimize === 'string' && !/^none$/i.test(optimize);
	return {
		enabled: optimizer['enabled'] === true || optimize === true || level,
		runs: wholeOrNull(optimizer['runs']),
	};
}

/** `settings.evmVersion`, or null for the compiler's default. */
export function evmVersionIn(settings: JsonObject): string | null {
	const version = settings['evmVersion'];
	return typeof version === 'string' ? wordOrNull(version) : null;
}

/** `settings.remappings`, as they are. */
export function remappingsIn(settings: JsonObject): string[] {
	const { remappings } = settings;
	return Array.isArray(remappings)
		? remappings.filter((remapping) => typeof remapping === 'string')
		: [];
}

/** `settings.libraries`, by file or, in older inputs, flat. */
export function librariesIn(settings: JsonObject): LinkedLibrary[] {
	const libraries = isObject(settings['libraries']) ? settings['libraries'] : {};
	return Object.entries(libraries).flatMap(([key, value]) =>
		isObject(value)
			? Object.entries(value).flatMap(([name, address]) => linked(key, name, address))
			: linked(pathAndName(key).path, pathAndName(key).name, value),
	);
}

/** `Name:address;path:Name2:address`, with or without 0x. */
export function librariesOfText(text: string): LinkedLibrary[] {
	return text.split(';').flatMap((entry) => {
		const colon = entry.lastIndexOf(':');
		const { path, name } = pathAndName(entry.slice(0, Math.max(0, colon)).trim());
		return linked(path, name, entry.slice(colon + 1));
	});
}

/** `[{ name, address_hash }]`, as Blockscout lists them. */
export function librariesOfList(list: unknown): LinkedLibrary[] {
	return (Array.isArray(list) ? list : []).filter(isObject).flatMap((entry) => {
		const fullName = typeof entry['name'] === 'string' ? entry['name'].trim() : '';
		const { path, name } = pathAndName(fullName);
		return linked(path, name, entry['address_hash']);
	});
}

/** The libraries of a description: without files, each once. */
export function libraryList(libraries: readonly LinkedLibrary[]): Library[] {
	const list = new Map<string, Library>();
	for (const { name, address } of libraries) list.set(`${name}:${address}`, { name, address });
	return [...list.values()];
}

/** Libraries in the form of a standard JSON input; a file that is not known is ''. */
export function librarySettings(libraries: readonly LinkedLibrary[]): JsonObject {
	const files = Map.groupBy(libraries, ({ path }) => path);
	return Object.fromEntries(
		[...files].map(([path, list]) => [
			path,
			Object.fromEntries(list.map(({ name, address }): [string, Address] => [name, address])),
		]),
	);
}

/** Null for the words with which upstreams say that they say nothing. */
export function wordOrNull(text: string): string | null {
	const word = text.trim();
	return /^(default|unknown|none|)$/i.test(word) ? null : word;
}

export function wholeOrNull(value: unknown): number | null {
	// An object may have a toString that is no function.
	const digits = typeof value === 'string' || typeof value === 'number' ? `${value}`.trim() : '';
	const runs = Number(digits);
	return /^\d+$/.test(digits) && Number.isSafeInteger(runs) ? runs : null;
}

/**
 * Takes `path:Name` apart: the path is one of `paths`, or looks like that of a source file. Any other text, a free title
 * or a URL with its colons among them, is all name.
 */
export function pathAndName(
	text: string,
	paths: readonly string[] = [],
): { path: string; name: string } {
	const known = paths.filter((path) => path !== '' && text.startsWith(`${path}:`));
	const longest = known.toSorted((a, b) => b.length - a.length)[0];
	const path = longest ?? sourcePath.exec(text)?.[1];
	return path === undefined
		? { path: '', name: text }
		: { path, name: text.slice(path.length + 1) };
}

/** Ends like a file of a language whose contracts have names of their own. */
const sourcePath = /^(.*\.(?:sol|vyi?|yul)):(?!\s)/is;

function linked(path: string, name: string, address: unknown): LinkedLibrary[] {
	const known = typeof address === 'string' ? addressOrNull(address) : null;
	return known && name !== '' ? [{ path, name, address: known }] : [];
}

/** Compiler settings in the form of the language, from what an upstream says beside the files. */
export function rebuiltSettings(
	description: Pick<SourceDescription, 'language' | 'optimizer' | 'evmVersion'>,
	libraries: readonly LinkedLibrary[],
): JsonObject {
	const { enabled, runs } = description.optimizer;
	const evmVersion = description.evmVersion === null ? {} : { evmVersion: description.evmVersion };
	if (description.language === 'Vyper') {
		// Left out unless it is on: explorers say "off" also where nobody chose, and Vyper's default is on.
		const optimize = enabled ? { optimize: true } : {};
		return { ...optimize, ...evmVersion, outputSelection: { '*': ['*'] } };
	}
	return {
		optimizer: runs === null ? { enabled } : { enabled, runs },
		...evmVersion,
		...(libraries.length === 0 ? {} : { libraries: librarySettings(libraries) }),
		outputSelection: { '*': { '*': ['*'] } },
	};
}

/**
 * Settings that were kept apart from the files, often those of a metadata, as a compiler takes them:
 * `rebuilt` fills in what they leave open.
 */
export function completedSettings(given: JsonObject, rebuilt: JsonObject): JsonObject {
	const { compilationTarget: _, libraries: __, ...rest } = given;
	const linked = librarySettings(librariesIn(given));
	return {
		...rebuilt,
		...rest,
		...(Object.keys(linked).length === 0 ? {} : { libraries: linked }),
	};
}
