import type { StandardJson } from '../../domain/source.ts';
import type { Files } from '../reading/files.ts';
import { isObject, type JsonObject } from '../reading/json.ts';
import { librariesIn, librarySettings } from '../reading/settings.ts';

/** A member of an object that is an object itself; an empty one for what is missing. */
export function objectIn(json: JsonObject, name: string): JsonObject {
	const value = json[name];
	return isObject(value) ? value : {};
}

/**
 * The standard JSON input of a contract: as it was delivered, or put together from its sources and
 * settings. Null where no file has literal content. Contents stay as they are.
 */
export function readInput(contract: JsonObject): StandardJson | null {
	const compilation = objectIn(contract, 'compilation');
	const delivered = objectIn(contract, 'stdJsonInput');
	const files = filesIn(delivered['sources']);
	const sources = files ?? filesIn(contract['sources']);
	if (sources === null) return null;
	const given = delivered['settings'];
	const settings =
		files !== null && isObject(given)
			? given
			: rebuilt(isObject(given) ? given : objectIn(compilation, 'compilerSettings'));
	const languages = [delivered['language'], compilation['language']];
	const language = languages.find((said) => typeof said === 'string' && said.trim() !== '');
	return { ...delivered, language: String(language ?? 'Solidity'), sources, settings };
}

function filesIn(sources: unknown): Files | null {
	if (!isObject(sources)) return null;
	const files: [string, { content: string }][] = [];
	for (const [path, file] of Object.entries(sources)) {
		if (!isObject(file) || typeof file['content'] !== 'string') return null;
		files.push([path, { content: file['content'] }]);
	}
	// fromEntries keeps a file called __proto__ as data.
	return files.length === 0 ? null : Object.fromEntries(files);
}

/** Settings in which a compiler finds nothing that only metadata has, and a list of what to make. */
function rebuilt(compilerSettings: JsonObject): JsonObject {
	const { compilationTarget: _target, ...settings } = compilerSettings;
	// In metadata `path:Name` is the key; a compiler wants the path and the name one by one.
	const flat = Object.values(objectIn(settings, 'libraries')).some((value) => !isObject(value));
	return {
		outputSelection: { '*': { '*': ['*'] } },
		...settings,
		...(flat ? { libraries: librarySettings(librariesIn(settings)) } : {}),
	};
}
