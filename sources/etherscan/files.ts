import { malformed } from '../reading/assemble.ts';
import { startOfCode } from '../reading/code.ts';
import {
	type Files,
	fileNameFor,
	filesIn,
	listedFiles,
	mergedFiles,
	withoutContent,
} from '../reading/files.ts';
import { targetOf } from '../reading/main-path.ts';
import { pathAndName } from '../reading/settings.ts';
import { isObject, type JsonObject, parseJson } from '../reading/values.ts';
import { classOfText } from './answer.ts';
import { compilerSettingsOf, filePathOf, type Item, saysUnverified } from './fields.ts';

/** The files of an item and the JSON in which they came, {} for none. */
interface ItemFiles {
	language: string;
	files: Files;
	delivered: JsonObject;
	/** '' where the item keeps no main file apart. */
	mainPath: string;
}

/**
 * Files in each shape of SourceCode, with AdditionalSources beside it; null for an item that says that
 * the contract is not verified. Throws a final `SourceError` for what holds no source.
 */
export function filesOfItem(item: Item): ItemFiles | null {
	// Blockscout's way to deliver files beside the main one.
	const others = listedFiles(item.AdditionalSources, (entry) => [
		entry['Filename'] ?? entry['FileName'],
		entry['SourceCode'],
	]);
	const text = typeof item.SourceCode === 'string' ? item.SourceCode : '';
	const code =
		others.length > 0 && text.trim() !== ''
			? ({ shape: 'plain', text } as const)
			: readSourceCode(item.SourceCode);
	// Some say it where the source would be.
	if (code.shape === 'plain' && classOfText(code.text) === 'UNVERIFIED') return null;
	if (code.shape === 'none') {
		if (saysUnverified(item)) return null;
		throw malformed('it has no source code');
	}
	if (code.shape === 'unreadable') throw withoutContent();
	const language = languageOf(item, code);
	if (code.shape !== 'plain') {
		const delivered = code.shape === 'standard' ? code.json : {};
		return { language, files: code.files, delivered, mainPath: '' };
	}
	const { path, name } = pathAndName(item.ContractName);
	const target = targetOf(compilerSettingsOf(item) ?? {});
	const main = {
		path: filePathOf(item) || target.path || path,
		content: code.text,
		fallback: fileNameFor(name, language),
	};
	return { language, delivered: {}, ...mergedFiles(main, others) };
}

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
	if (!trimmed.startsWith('{')) return { shape: 'plain', text: value };
	const doubled = /^\{\s*\{/.test(trimmed) && trimmed.endsWith('}');
	const json = parseJson(doubled ? trimmed.slice(1, -1) : trimmed);
	return isObject(json) ? ofJson(json, doubled) : { shape: 'plain', text: value };
}

function ofJson(json: JsonObject, doubled = false): SourceCode {
	const sources = json['sources'];
	const standard = isObject(sources) ? !isFileNamedSources(json, sources) : saysLanguage(json);
	const files = filesIn(standard ? sources : json);
	// Files as mere texts come in one pair of braces: in two these are fields of a standard JSON that lacks its sources.
	const odd = !standard && doubled && !Object.values(json).every(isObject);
	if (files === null || odd) return { shape: 'unreadable' };
	return standard ? { shape: 'standard', json, files } : { shape: 'files', files };
}

/** No file consists of the name of a language. */
function saysLanguage({ language }: JsonObject): boolean {
	return typeof language === 'string' && /^\s*(solidity|vyper|yul)\s*$/i.test(language);
}

/** In a map of files the key `sources` may be a path like any other. */
function isFileNamedSources(json: JsonObject, sources: JsonObject): boolean {
	return typeof json['language'] !== 'string' && typeof sources['content'] === 'string';
}

/** The language of an item: as its JSON says, else by its compiler, its file's name and its text. */
function languageOf(item: Item, code: SourceCode): string {
	const language = code.shape === 'standard' ? code.json['language'] : undefined;
	if (typeof language === 'string' && language.trim() !== '') return language;
	if (/^vyper/i.test(item.CompilerVersion) || /^vyper/i.test(item.CompilerType)) return 'Vyper';
	const paths = 'files' in code ? Object.keys(code.files) : [filePathOf(item)];
	if (paths.some((path) => path.endsWith('.vy'))) return 'Vyper';
	if (paths.some((path) => path.endsWith('.yul'))) return 'Yul';
	return code.shape === 'plain' ? languageOfText(code.text) : 'Solidity';
}

function languageOfText(text: string): string {
	if (/^object\s/.test(text.slice(startOfCode(text), startOfCode(text) + 10))) return 'Yul';
	const vyper = /^[ \t]*#[ \t]*(@version|pragma[ \t]+version)\b/m.test(text);
	return vyper && !/^[ \t]*pragma[ \t]+solidity\b/m.test(text) ? 'Vyper' : 'Solidity';
}
