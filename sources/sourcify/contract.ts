import type { ContractKey } from '../../domain/contract.ts';
import type { FetchedSource } from '../../domain/source.ts';
import { assemble, malformed, type SourceParts } from '../reading/assemble.ts';
import { licenseIn } from '../reading/license.ts';
import { mainPathOf, selectedIn, targetOf } from '../reading/main-path.ts';
import * as settingsOf from '../reading/settings.ts';
import { type JsonObject, objectIn } from '../reading/values.ts';
import * as fields from './fields.ts';

/** Where a contract was asked for, and how large its source may be. */
export interface ContractOptions {
	key: ContractKey;
	origin: string;
	maxSourceBytes: number;
}

/** Reads a contract of Sourcify's API v2. Throws an `UpstreamFailure` for what cannot be read or stored. */
export function readContract(contract: JsonObject, from: ContractOptions): FetchedSource {
	const match = fields.matchOf(contract);
	if (match === null) throw malformed('it does not say how well the source matches');
	const standardJson = fields.readInput(contract);
	if (standardJson === null) throw malformed('it has no files, or one without literal content');
	const { language, sources, settings } = standardJson;
	const compiled = objectIn(objectIn(contract, 'compilation'), 'compilerSettings');
	const own = fields.nameOf(contract, Object.keys(sources));
	const target = [settings, compiled].map(targetOf).find(({ name }) => name !== '');
	const name = own.name || (target?.name ?? '');
	const mainPath = mainPathOf(sources, {
		name,
		targets: [own.path, target?.path ?? ''],
		selected: selectedIn(settings, name),
	});
	const description = {
		provider: 'SOURCIFY',
		origin: from.origin,
		name,
		language,
		compilerVersion: fields.compilerVersionOf(contract, language),
		evmVersion: settingsOf.evmVersionIn(settings),
		optimizer: fields.optimizerOf(settings, language),
		license: mainPath === null ? null : licenseIn(sources[mainPath]?.content ?? '', language),
		constructorArguments: fields.argumentsOf(contract),
		libraries: settingsOf.libraryList(fields.librariesOf(contract, settings)),
		viaIr: settings['viaIR'] === true,
		remappings: settingsOf.remappingsIn(settings),
		delivered: null,
		match,
		similarMatch: null,
		implementations: fields.implementationsOf(contract, from.key.address),
		creation: fields.creationOf(contract),
		proxyKind: fields.proxyKindIn(contract),
		mainPath,
	} satisfies SourceParts['description'];
	const { abi } = contract;
	const parts = { description, standardJson, abi: Array.isArray(abi) ? abi : null };
	return assemble(parts, from.maxSourceBytes);
}
