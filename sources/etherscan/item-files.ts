import { malformed } from '../reading/assemble.ts';
import type { Files } from '../reading/files.ts';
import { isObject, type JsonObject } from '../reading/json.ts';
import { targetOf } from '../reading/main-path.ts';
import { fileNameFor, mergedFiles } from '../reading/merged-files.ts';
import { pathAndName } from '../reading/settings.ts';
import { compilerSettingsOf, filePathOf, type Item, saysUnverified } from './fields.ts';
import { languageOf } from './language.ts';
import { readSourceCode } from './source-code.ts';

/** The files of an item and the JSON in which they came, {} for none. */
export interface ItemFiles {
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
	const others = additionalSources(item.AdditionalSources);
	const text = typeof item.SourceCode === 'string' ? item.SourceCode : '';
	const code =
		others.length > 0 && text.trim() !== ''
			? ({ shape: 'plain', text } as const)
			: readSourceCode(item.SourceCode);
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

/** `[{ Filename, SourceCode }]`: Blockscout's way to deliver files beside the main one. */
function additionalSources(list: unknown): [path: string, content: string][] {
	if (!Array.isArray(list)) return [];
	return list.map((entry) => {
		const path = isObject(entry) ? (entry['Filename'] ?? entry['FileName']) : undefined;
		const content = isObject(entry) ? entry['SourceCode'] : undefined;
		if (typeof path !== 'string' || typeof content !== 'string') throw withoutContent();
		return [path, content];
	});
}

function withoutContent() {
	return malformed('a file has no literal content');
}
