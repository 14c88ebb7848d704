import { z } from 'zod';
import type { Address } from '../../domain/address.ts';
import {
	type LinkedLibrary,
	librariesOfList,
	librariesOfText,
	optimizerIn,
	pathAndName,
	wholeOrNull,
} from '../reading/settings.ts';
import {
	isObject,
	type JsonObject,
	loosePath,
	looseText,
	otherAddresses,
	parseJson,
} from '../reading/values.ts';
import { classOfText } from './answer.ts';
import type { EtherscanItem } from './format.ts';

const anything = z.unknown().optional();

const ofEtherscan = {
	SourceCode: anything,
	ABI: anything,
	ContractName: looseText,
	ContractFileName: looseText,
	CompilerType: looseText,
	CompilerVersion: looseText,
	OptimizationUsed: looseText,
	Runs: looseText,
	ConstructorArguments: looseText,
	EVMVersion: looseText,
	Library: looseText,
	LicenseType: looseText,
	Implementation: looseText,
	SimilarMatch: looseText,
	SwarmSource: looseText,
} satisfies Partial<Record<keyof EtherscanItem, z.ZodType>>;

/** An item of `getsourcecode`, of which every field may be missing, null or a number. */
export const itemSchema = z.object({
	...ofEtherscan,
	// Of other servers that speak like it.
	Address: looseText,
	FileName: loosePath,
	AdditionalSources: anything,
	OptimizationRuns: looseText,
	ExternalLibraries: anything,
	ImplementationAddress: looseText,
	ImplementationAddresses: anything,
	CompilerSettings: anything,
});
export type Item = z.infer<typeof itemSchema>;

/** Whether an item without source code says that the contract is not verified. */
export function saysUnverified(item: Item): boolean {
	if (typeof item.SourceCode === 'string') return true;
	if (typeof item.ABI === 'string' && item.ABI !== '') {
		return classOfText(item.ABI) === 'UNVERIFIED';
	}
	// An address and nothing else is how some servers that speak like Etherscan say it.
	return item.Address !== '' && item.ContractName === '' && !item.ABI;
}

/** The path in ContractFileName or FileName, '' where there is none. */
export function filePathOf(item: Item): string {
	const { path, name } = pathAndName(item.ContractFileName || item.FileName);
	return path || name;
}

/** As the settings say, for they are what is compiled; the item's own words where they are silent. */
export function optimizerOf(item: Item, settings: JsonObject): ReturnType<typeof optimizerIn> {
	const inSettings = optimizerIn(settings);
	const silent = !isObject(settings['optimizer']) && settings['optimize'] === undefined;
	return {
		enabled: silent ? /^(1|true)$/i.test(item.OptimizationUsed) : inSettings.enabled,
		runs: inSettings.runs ?? wholeOrNull(item.Runs) ?? wholeOrNull(item.OptimizationRuns),
	};
}

/** Those in Library, a text, and in ExternalLibraries, a list. */
export function librariesOf(item: Item): LinkedLibrary[] {
	return [...librariesOfText(item.Library), ...librariesOfList(item.ExternalLibraries)];
}

/** Settings that stand beside the files, in an object or its JSON. */
export function compilerSettingsOf(item: Item): JsonObject | null {
	const { CompilerSettings: value } = item;
	const settings = typeof value === 'string' ? parseJson(value) : value;
	return isObject(settings) ? settings : null;
}

export function implementationsOf(item: Item, self: Address | null): Address[] {
	const { ImplementationAddresses: list } = item;
	const named = [item.Implementation, item.ImplementationAddress];
	return otherAddresses([...named, ...(Array.isArray(list) ? list : [])], self);
}

export function abiOf(item: Item): unknown[] | null {
	const abi = typeof item.ABI === 'string' ? parseJson(item.ABI) : item.ABI;
	return Array.isArray(abi) ? abi : null;
}
