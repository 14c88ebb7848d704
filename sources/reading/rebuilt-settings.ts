import type { SourceDescription } from '../../domain/source.ts';
import type { JsonObject } from './json.ts';
import { type LinkedLibrary, librariesIn, librarySettings } from './settings.ts';

/** Compiler settings in the form of the language, from what an upstream says beside the files. */
export function rebuiltSettings(
	said: Pick<SourceDescription, 'language' | 'optimizer' | 'evmVersion'>,
	libraries: readonly LinkedLibrary[],
): JsonObject {
	const { enabled, runs } = said.optimizer;
	const evmVersion = said.evmVersion === null ? {} : { evmVersion: said.evmVersion };
	if (said.language === 'Vyper') {
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
