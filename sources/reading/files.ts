import type { StandardJson } from '../../domain/source.ts';
import { isObject } from './json.ts';

export type Files = StandardJson['sources'];

/** Keeps a file called __proto__ as data. */
export function oneFile(path: string, content: string): Files {
	return Object.fromEntries([[path, { content }]]);
}

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
