import { type Address, addressOrNull } from '../../domain/address.ts';
import type { ProxyFacts } from '../../domain/proxy.ts';
import type { FetchedSource, StandardJson } from '../../domain/source.ts';
import { assemble, malformed, type SourceParts } from '../reading/assemble.ts';
import { locatedLibraries, mainPathOf, selectedIn, targetOf } from '../reading/main-path.ts';
import { proxyWithout } from '../reading/proxy.ts';
import * as settingsOf from '../reading/settings.ts';
import { hexOf, isObject, otherAddresses } from '../reading/values.ts';
import * as fields from './fields.ts';
import { filesOfItem } from './files.ts';

interface ItemOptions {
	origin: string;
	maxSourceBytes: number;
	/** The contract asked for, which is no implementation of itself. */
	address?: Address;
}

/**
 * Reads an item of `getsourcecode`; null where it says that the contract is not verified. Throws a
 * final `SourceError` for what cannot be read as source code or is too large.
 */
export function readItem(value: unknown, from: ItemOptions): FetchedSource | null {
	const parsed = fields.itemSchema.safeParse(value);
	if (!parsed.success) throw malformed('its result is not an object');
	const item = parsed.data;
	const found = filesOfItem(item);
	if (!found) return null;

	const { language, files, delivered } = found;
	const given = isObject(delivered['settings']) ? delivered['settings'] : null;
	const beside = fields.compilerSettingsOf(item) ?? {};
	const settings = given ?? beside;
	const libraries = [...fields.librariesOf(item), ...settingsOf.librariesIn(settings)];
	const target = targetOf(settings);
	const { path, name: bare } = settingsOf.pathAndName(item.ContractName, Object.keys(files));
	const name = bare.trim() || target.name;
	const self = from.address ?? addressOrNull(item.Address);
	const description = {
		provider: 'ETHERSCAN',
		origin: from.origin,
		name,
		language,
		compilerVersion: item.CompilerVersion,
		evmVersion: settingsOf.wordOrNull(item.EVMVersion) ?? settingsOf.evmVersionIn(settings),
		optimizer: fields.optimizerOf(item, settings),
		license: settingsOf.wordOrNull(item.LicenseType),
		constructorArguments: hexOf(item.ConstructorArguments),
		libraries: settingsOf.libraryList(libraries),
		viaIr: settings['viaIR'] === true,
		remappings: settingsOf.remappingsIn(settings),
		delivered: {
			swarmSource: item.SwarmSource,
			library: item.Library,
			evmVersion: item.EVMVersion,
			licenseType: item.LicenseType,
		},
		match: 'UNKNOWN',
		similarMatch: otherAddresses([item.SimilarMatch], self)[0] ?? null,
		implementations: fields.implementationsOf(item, self),
		creation: null,
		proxyKind: null,
		mainPath: mainPathOf(files, {
			name,
			targets: [found.mainPath, target.path],
			selected: selectedIn(settings, name),
			paths: [fields.filePathOf(item), path],
		}),
	} satisfies SourceParts['description'];
	const rebuilt = settingsOf.rebuiltSettings(description, locatedLibraries(libraries, files));
	const standardJson: StandardJson = {
		...delivered,
		language,
		sources: files,
		settings: given ?? settingsOf.completedSettings(beside, rebuilt),
	};
	const abi = fields.abiOf(item);
	return assemble({ description, standardJson, abi }, from.maxSourceBytes);
}

/** Where an item leads that has no source itself: to a verified twin, and as a proxy. */
export function leadsOf(
	value: unknown,
	address: Address,
): { twin: Address | null; proxy: ProxyFacts | null } {
	const item = fields.itemSchema.safeParse(value).data;
	if (!item) return { twin: null, proxy: null };
	return {
		twin: otherAddresses([item.SimilarMatch], address)[0] ?? null,
		proxy: proxyWithout(null, fields.implementationsOf(item, address), null, address),
	};
}
