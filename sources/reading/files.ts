import type { StandardJson } from '../../domain/source.ts';
import { malformed } from './assemble.ts';
import { isObject, type JsonObject } from './values.ts';

export type Files = StandardJson['sources'];

/** A map of paths to `{content}`, or to contents; null where a file has no literal content, or there is none. */
export function filesIn(map: unknown): Files | null {
	if (!isObject(map)) return null;
	const files: [string, { content: string }][] = [];
	for (const [path, file] of Object.entries(map)) {
		const content = isObject(file) ? file['content'] : file;
		if (typeof content !== 'string') return null;
		files.push([path, { content }]);
	}
	// fromEntries keeps a file called __proto__ as data.
	return files.length === 0 ? null : Object.fromEntries(files);
}

/** The files beside the main one, of an upstream that may list them; `read` finds the two parts of an entry. */
export function listedFiles(
	list: unknown,
	read: (entry: JsonObject) => [path: unknown, content: unknown],
): [path: string, content: string][] {
	if (list === undefined || list === null || list === '') return [];
	if (!Array.isArray(list)) throw malformed('its list of further files is none');
	return list.map((entry) => {
		const [path, content] = isObject(entry) ? read(entry) : [];
		if (typeof path !== 'string' || typeof content !== 'string') throw withoutContent();
		return [path, content];
	});
}

export function withoutContent() {
	return malformed('a file has no literal content');
}

/** The path for the one file of a contract whose upstream names none. */
export function fileNameFor(name: string, language: string): string {
	const extension = language === 'Vyper' ? 'vy' : language === 'Yul' ? 'yul' : 'sol';
	const stem = name.trim().replace(/[\s\p{Cc}/\\:]+/gu, '_') || 'Contract';
	return `${stem}.${extension}`;
}

/** A file whose path the upstream left out, and what to call it. */
interface MainFile {
	path: string;
	content: string;
	/** Used where `path` is ''. */
	fallback: string;
}

/**
 * The main file and those beside it, as upstreams deliver them that keep the two apart. Throws a final
 * `SourceError` where two different files claim one path.
 */
export function mergedFiles(
	main: MainFile,
	others: readonly (readonly [path: string, content: string])[],
): { files: Files; mainPath: string } {
	const contents = new Map<string, string>();
	const add = (path: string, content: string) => {
		if ((contents.get(path) ?? content) !== content) {
			throw malformed('two of its files have the same path');
		}
		contents.set(path, content);
	};
	for (const [path, content] of others) add(path, content);
	const mainPath = main.path || freePath(main, contents);
	add(mainPath, main.content);
	const entries = [...contents].map(([path, content]) => [path, { content }]);
	return { files: Object.fromEntries(entries), mainPath };
}

function freePath({ fallback, content }: MainFile, taken: Map<string, string>): string {
	const same = taken.get(fallback) === content;
	return same || !taken.has(fallback)
		? fallback
		: freePath({ path: '', content, fallback: `main/${fallback}` }, taken);
}
