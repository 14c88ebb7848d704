import { type Address, addressOrNull } from '../../domain/address.ts';
import type { ProxyKind } from '../../domain/proxy.ts';
import type { Creation, Match, StandardJson } from '../../domain/source.ts';
import { filesIn } from '../reading/files.ts';
import { proxyKindOf } from '../reading/proxy.ts';
import {
	completedSettings,
	type LinkedLibrary,
	librariesIn,
	optimizerIn,
	pathAndName,
	wholeOrNull,
} from '../reading/settings.ts';
import { hexOf, isObject, type JsonObject, objectIn, otherAddresses } from '../reading/values.ts';

/** Null where the contract is not said to match, which is how Sourcify says that it is not verified. */
export function matchOf(contract: JsonObject): Match | null {
	const { match } = contract;
	if (typeof match !== 'string') return null;
	return match === 'exact_match' ? 'EXACT' : match === 'match' ? 'PARTIAL' : 'UNKNOWN';
}

/** The contract's name without a path, and the path of its file; '' for what is not said. */
export function nameOf(
	contract: JsonObject,
	paths: readonly string[],
): { path: string; name: string } {
	const compilation = objectIn(contract, 'compilation');
	const { name, fullyQualifiedName } = compilation;
	const full = typeof fullyQualifiedName === 'string' ? fullyQualifiedName : '';
	const whole = pathAndName(full, paths);
	const told = whole.path === '' ? split(full) : { ...whole, name: whole.name.trim() };
	if (typeof name !== 'string' || name.trim() === '') return told;
	const path = full.endsWith(`:${name}`) ? full.slice(0, -name.length - 1) : told.path;
	return { path, name: pathAndName(name.trim(), paths).name };
}

/** In the form that Etherscan has made known, so that the same compiler has one name here. */
export function compilerVersionOf(contract: JsonObject, language: string): string {
	const { compilerVersion } = objectIn(contract, 'compilation');
	const version = typeof compilerVersion === 'string' ? compilerVersion.trim() : '';
	if (!/^\d/.test(version)) return version;
	if (/^vyper$/i.test(language)) return `vyper:${version}`;
	return /^(solidity|yul)$/i.test(language) ? `v${version}` : version;
}

/** Vyper has one setting for it, which is a word or, in older versions, a boolean. */
export function optimizerOf(
	settings: JsonObject,
	language: string,
): ReturnType<typeof optimizerIn> {
	const { optimize } = settings;
	if (!/^vyper$/i.test(language)) return optimizerIn(settings);
	const enabled = optimize === true || (typeof optimize === 'string' && optimize !== 'none');
	return { enabled, runs: null };
}

export function argumentsOf(contract: JsonObject): string {
	const { constructorArguments } = valuesOf(contract, 'creationBytecode');
	return typeof constructorArguments === 'string' ? hexOf(constructorArguments) : '0x';
}

/** Those in the settings and those linked afterwards, which no settings name. */
export function librariesOf(contract: JsonObject, settings: JsonObject): LinkedLibrary[] {
	const compilation = objectIn(contract, 'compilation');
	const set = [settings, objectIn(compilation, 'compilerSettings')].flatMap(librariesIn);
	const linked = (['creationBytecode', 'runtimeBytecode'] as const).flatMap((bytecode) =>
		Object.entries(objectIn(valuesOf(contract, bytecode), 'libraries')).flatMap(([name, address]) =>
			librariesIn({ libraries: { '': { [name]: address } } }),
		),
	);
	return [...set, ...linked].flatMap((library) => {
		const { path, name } = split(library.name);
		if (name === '') return [];
		return [path === '' ? { ...library, name } : { ...library, path, name }];
	});
}

/** Each once, without the contract itself and without the zero address of a proxy not set up. */
export function implementationsOf(contract: JsonObject, self: Address): Address[] {
	const { implementations } = objectIn(contract, 'proxyResolution');
	const list: unknown[] = Array.isArray(implementations) ? implementations : [];
	return otherAddresses(
		list.map((item) => (isObject(item) ? item['address'] : item)),
		self,
	);
}

/** Null where the deployer or the transaction is not said. */
export function creationOf(contract: JsonObject): Creation | null {
	const { transactionHash, blockNumber, deployer } = objectIn(contract, 'deployment');
	const by = typeof deployer === 'string' ? addressOrNull(deployer) : null;
	const isHash = typeof transactionHash === 'string' && /^0x[0-9a-f]{64}$/i.test(transactionHash);
	if (!by || !isHash) return null;
	return { transaction: transactionHash, block: wholeOrNull(blockNumber), deployer: by };
}

export function proxyKindIn(contract: JsonObject): ProxyKind | null {
	return proxyKindOf(objectIn(contract, 'proxyResolution')['proxyType']);
}

function valuesOf(contract: JsonObject, bytecode: string): JsonObject {
	return objectIn(objectIn(contract, bytecode), 'transformationValues');
}

/** A name with its path before it; the path may hold colons, the name cannot. */
function split(full: string): { path: string; name: string } {
	const colon = full.lastIndexOf(':');
	return { path: full.slice(0, Math.max(0, colon)), name: full.slice(colon + 1).trim() };
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
	const language = languages.find((value) => typeof value === 'string' && value.trim() !== '');
	const name = String(language ?? 'Solidity');
	return {
		...delivered,
		language: name,
		sources,
		settings: settingsIn(contract, files !== null, name),
	};
}

/** Sourcify keeps no selection of outputs, and a compiler that gets none makes none. */
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
