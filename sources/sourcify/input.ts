import type { StandardJson } from '../../domain/source.ts';
import { filesIn } from '../reading/files.ts';
import { isObject, type JsonObject } from '../reading/json.ts';
import { completedSettings } from '../reading/rebuilt-settings.ts';

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
	const languages = [delivered['language'], compilation['language']];
	const language = languages.find((said) => typeof said === 'string' && said.trim() !== '');
	const name = String(language ?? 'Solidity');
	return {
		...delivered,
		language: name,
		sources,
		settings: settingsIn(contract, files !== null, name),
	};
}

/** Sourcify keeps no selection of outputs, and a compiler that is told of none makes none. */
function settingsIn(contract: JsonObject, delivered: boolean, language: string): JsonObject {
	const all = language === 'Vyper' ? ['*'] : { '*': ['*'] };
	const outputSelection = { '*': all };
	const given = objectIn(contract, 'stdJsonInput')['settings'];
	if (delivered && isObject(given)) return { outputSelection, ...given };
	const kept = isObject(given)
		? given
		: objectIn(objectIn(contract, 'compilation'), 'compilerSettings');
	return completedSettings(kept, { outputSelection });
}
