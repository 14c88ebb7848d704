import { addressOrNull } from '../../domain/address.ts';
import type { FetchedSource, StandardJson } from '../../domain/source.ts';
import { assemble, malformed, type SourceParts } from '../assemble.ts';
import { oneFile } from '../files.ts';
import { isObject, type JsonObject } from '../json.ts';
import { mainPathOf, targetOf } from '../main-path.ts';
import * as settingsOf from '../settings.ts';
import * as fields from './fields.ts';
import { readSourceCode } from './source-code.ts';

/**
 * Reads an item of `getsourcecode`; null where it says that the contract is not verified. Throws a
 * final `SourceError` for what cannot be read as source code or is too large.
 */
export function readItem(
	value: unknown,
	from: { origin: string; maxSourceBytes: number },
): FetchedSource | null {
	const parsed = fields.itemSchema.safeParse(value);
	if (!parsed.success) throw malformed('its result is not an object');
	const item = parsed.data;
	const code = readSourceCode(item.SourceCode);
	if (code.shape === 'none') {
		if (fields.saysUnverified(item)) return null;
		throw malformed('it has no source code');
	}
	if (code.shape === 'unreadable') throw malformed('a file has no literal content');

	const language = fields.languageOf(item, code);
	const files =
		code.shape === 'plain' ? oneFile(fields.plainPathOf(item, language), code.text) : code.files;
	const delivered = code.shape === 'standard' ? code.json : {};
	const given = isObject(delivered['settings']) ? delivered['settings'] : null;
	const settings = given ?? {};
	const libraries = [
		...settingsOf.librariesOfText(item.Library),
		...settingsOf.librariesIn(settings),
	];
	const { path, name: bare } = settingsOf.pathAndName(item.ContractName);
	const name = bare.trim() || targetOf(settings).name;
	const description = {
		provider: 'ETHERSCAN',
		origin: from.origin,
		name,
		language,
		compilerVersion: item.CompilerVersion,
		evmVersion: settingsOf.wordOrNull(item.EVMVersion) ?? settingsOf.evmVersionIn(settings),
		optimizer: fields.optimizerOf(item, settings),
		license: settingsOf.wordOrNull(item.LicenseType),
		constructorArguments: fields.argumentsOf(item),
		libraries: settingsOf.libraryList(libraries),
		viaIr: settings['viaIR'] === true,
		remappings: settingsOf.remappingsIn(settings),
		match: 'UNKNOWN',
		similarMatch: addressOrNull(item.SimilarMatch),
		implementations: fields.implementationsOf(item),
		mainPath: mainPathOf(files, {
			name,
			paths: [fields.filePathOf(item), targetOf(settings).path, path],
		}),
	} satisfies SourceParts['description'];
	const standardJson: StandardJson = {
		...delivered,
		language,
		sources: files,
		settings: given ?? rebuilt(description, libraries),
	};
	const abi = fields.abiOf(item);
	return assemble({ description, standardJson, abi }, from.maxSourceBytes);
}

function rebuilt(
	description: Pick<FetchedSource['description'], 'optimizer' | 'evmVersion'>,
	libraries: readonly settingsOf.LinkedLibrary[],
): JsonObject {
	const { enabled, runs } = description.optimizer;
	const { evmVersion } = description;
	return {
		optimizer: runs === null ? { enabled } : { enabled, runs },
		...(evmVersion === null ? {} : { evmVersion }),
		...(libraries.length === 0 ? {} : { libraries: settingsOf.librarySettings(libraries) }),
		outputSelection: { '*': { '*': ['*'] } },
	};
}
