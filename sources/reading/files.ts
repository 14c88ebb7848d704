import type { StandardJson } from '../../domain/source.ts';

export type Files = StandardJson['sources'];

/** Keeps a file called __proto__ as data. */
export function oneFile(path: string, content: string): Files {
	return Object.fromEntries([[path, { content }]]);
}
