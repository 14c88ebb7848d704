import { malformed } from './assemble.ts';
import type { Files } from './files.ts';

/** The path for the one file of a contract whose upstream names none. */
export function fileNameFor(name: string, language: string): string {
	const extension = language === 'Vyper' ? 'vy' : language === 'Yul' ? 'yul' : 'sol';
	const stem = name.trim().replace(/[\s\p{Cc}/\\:]+/gu, '_') || 'Contract';
	return `${stem}.${extension}`;
}

/** A file whose path the upstream left out, and what to call it. */
export interface MainFile {
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
