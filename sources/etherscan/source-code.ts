import { type Files, filesIn } from '../reading/files.ts';
import { isObject, type JsonObject, parseJson } from '../reading/json.ts';

/** The shapes in which Etherscan delivers source code. */
export type SourceCode =
	| { shape: 'none' }
	/** One file, byte for byte. */
	| { shape: 'plain'; text: string }
	| { shape: 'files'; files: Files }
	/** `json` is what was delivered, `files` the sources in it. */
	| { shape: 'standard'; json: JsonObject; files: Files }
	/** JSON in which a file has no literal content. */
	| { shape: 'unreadable' };

/**
 * Reads the field SourceCode: a plain text, `{{standard JSON}}`, `{standard JSON}`, `{path: file}` or
 * a real JSON object. A text that looks like JSON and is not is a plain text. Contents stay as they are.
 */
export function readSourceCode(value: unknown): SourceCode {
	if (isObject(value)) return ofJson(value);
	if (value === undefined || value === null) return { shape: 'none' };
	if (typeof value !== 'string') return { shape: 'unreadable' };
	// Trimming takes a byte order mark along.
	const trimmed = value.trim();
	if (trimmed === '') return { shape: 'none' };
	const json = jsonOf(trimmed);
	return isObject(json) ? ofJson(json) : { shape: 'plain', text: value };
}

function jsonOf(trimmed: string): unknown {
	if (!trimmed.startsWith('{')) return undefined;
	const doubled = /^\{\s*\{/.test(trimmed) && trimmed.endsWith('}');
	return parseJson(doubled ? trimmed.slice(1, -1) : trimmed);
}

function ofJson(json: JsonObject): SourceCode {
	const sources = json['sources'];
	const standard = isObject(sources) && !isFileNamedSources(json, sources);
	const files = filesIn(standard ? sources : json);
	if (files === null) return { shape: 'unreadable' };
	return standard ? { shape: 'standard', json, files } : { shape: 'files', files };
}

/** In a map of files the key `sources` may be a path like any other. */
function isFileNamedSources(json: JsonObject, sources: JsonObject): boolean {
	return typeof json['language'] !== 'string' && typeof sources['content'] === 'string';
}
