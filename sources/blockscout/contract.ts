import type { Address } from '../../domain/address.ts';
import type { ProxyFacts } from '../../domain/proxy.ts';
import type { FetchedSource } from '../../domain/source.ts';
import { assemble, malformed, type SourceParts } from '../reading/assemble.ts';
import { fileNameFor, listedFiles, mergedFiles } from '../reading/files.ts';
import { locatedLibraries, targetOf } from '../reading/main-path.ts';
import { proxyKindOf, proxyWithout } from '../reading/proxy.ts';
import * as settingsOf from '../reading/settings.ts';
import { hexOf, type JsonObject } from '../reading/values.ts';
import * as fields from './fields.ts';

interface ContractOptions {
	origin: string;
	address: Address;
	maxSourceBytes: number;
}

/**
 * Reads what Blockscout says about a contract; null where neither it nor a twin of it is verified.
 * Throws a final `SourceError` for what cannot be read as source code or is too large.
 */
export function readContract(json: JsonObject, from: ContractOptions): FetchedSource | null {
	const parsed = fields.contractSchema.safeParse(json);
	if (!parsed.success) throw malformed('it is not an object about a contract');
	const contract = parsed.data;
	const twin = fields.twinOf(contract);
	const text = contract.source_code;
	const empty = typeof text !== 'string' || text.trim() === '';
	if (contract.is_verified !== true && (twin === null || empty)) return null;
	if (empty) throw malformed('it has no source code');

	const language = fields.languageOf(contract);
	const settings = fields.settingsBeside(contract);
	const target = targetOf(settings);
	const { path, name: bare } = settingsOf.pathAndName(contract.name);
	const name = bare.trim() || target.name;
	const { files, mainPath } = mergedFiles(
		{
			path: contract.file_path || target.path || path,
			content: text,
			fallback: fileNameFor(name, language),
		},
		listedFiles(contract.additional_sources, (entry) => [entry['file_path'], entry['source_code']]),
	);
	const libraries = [
		...settingsOf.librariesOfList(contract.external_libraries),
		...settingsOf.librariesIn(settings),
	];
	const inSettings = settingsOf.optimizerIn(settings);
	const description = {
		provider: 'BLOCKSCOUT',
		origin: from.origin,
		name,
		language,
		compilerVersion: fields.compilerVersionOf(contract.compiler_version, language),
		evmVersion: settingsOf.wordOrNull(contract.evm_version) ?? settingsOf.evmVersionIn(settings),
		optimizer: {
			enabled: contract.optimization_enabled === true || inSettings.enabled,
			runs: inSettings.runs ?? settingsOf.wholeOrNull(contract.optimization_runs),
		},
		license: fields.licenseOf(contract),
		constructorArguments: hexOf(contract.constructor_args),
		libraries: settingsOf.libraryList(libraries),
		viaIr: settings['viaIR'] === true,
		remappings: settingsOf.remappingsIn(settings),
		delivered: null,
		match: fields.matchOf(contract),
		similarMatch: twin === from.address ? null : twin,
		implementations: fields.implementationsOf(contract, from.address),
		creation: null,
		proxyKind: proxyKindOf(contract.proxy_type),
		mainPath,
	} satisfies SourceParts['description'];
	const rebuilt = settingsOf.rebuiltSettings(description, locatedLibraries(libraries, files));
	const standardJson = {
		language,
		sources: files,
		settings: settingsOf.completedSettings(settings, rebuilt),
	};
	const abi = Array.isArray(contract.abi) ? contract.abi : null;
	return assemble({ description, standardJson, abi }, from.maxSourceBytes);
}

/** What a contract that is not verified leads to as a proxy. */
export function proxyIn(json: JsonObject, self: Address): ProxyFacts | null {
	const contract = fields.contractSchema.safeParse(json).data;
	if (!contract) return null;
	const implementations = fields.implementationsOf(contract, self);
	const kind = proxyKindOf(contract.proxy_type);
	return proxyWithout(kind, implementations, contract.deployed_bytecode, self);
}
