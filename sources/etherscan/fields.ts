import { z } from 'zod';
import { type Address, addressOrNull } from '../../domain/address.ts';
import { type JsonObject, parseJson } from '../json.ts';
import { optimizerIn, pathAndName, runsOrNull } from '../settings.ts';
import type { SourceCode } from './source-code.ts';
import { classOfText } from './texts.ts';

const text = z.preprocess(
	(value) => (typeof value === 'object' ? '' : String(value ?? '').trim()),
	z.string(),
);

/** An item of `getsourcecode`, of which every field may be missing, null or a number. */
export const itemSchema = z.object({
	SourceCode: z.unknown().optional(),
	ABI: z.unknown().optional(),
	Address: text,
	ContractName: text,
	ContractFileName: text,
	CompilerType: text,
	CompilerVersion: text,
	OptimizationUsed: text,
	Runs: text,
	ConstructorArguments: text,
	EVMVersion: text,
	Library: text,
	LicenseType: text,
	Implementation: text,
	SimilarMatch: text,
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

export function languageOf(item: Item, code: SourceCode): string {
	const said = code.shape === 'standard' ? code.json['language'] : undefined;
	if (typeof said === 'string' && said.trim() !== '') return said;
	if (/^vyper/i.test(item.CompilerVersion) || /^vyper/i.test(item.CompilerType)) return 'Vyper';
	const yul = code.shape === 'plain' && /^object\s{1,9}"/m.test(code.text);
	return yul || filePathOf(item).endsWith('.yul') ? 'Yul' : 'Solidity';
}

/** The path in ContractFileName, '' where there is none. */
export function filePathOf(item: Item): string {
	const { path, name } = pathAndName(item.ContractFileName);
	return path || name;
}

/** The path that a source of one file is given. */
export function plainPathOf(item: Item, language: string): string {
	const { path, name } = pathAndName(item.ContractName);
	const extension = language === 'Vyper' ? 'vy' : language === 'Yul' ? 'yul' : 'sol';
	const stem = name.trim().replace(/[\s\p{Cc}/\\:]+/gu, '_') || 'Contract';
	return filePathOf(item) || path || `${stem}.${extension}`;
}

export function optimizerOf(item: Item, settings: JsonObject): ReturnType<typeof optimizerIn> {
	const inSettings = optimizerIn(settings);
	const said = /^(?:(1|true)|0|false)$/i.exec(item.OptimizationUsed);
	return {
		enabled: said ? said[1] !== undefined : inSettings.enabled,
		runs: runsOrNull(item.Runs) ?? inSettings.runs,
	};
}

export function argumentsOf(item: Item): string {
	const digits = item.ConstructorArguments.replace(/^0x/i, '');
	return /^[0-9a-f]*$/i.test(digits) ? `0x${digits}` : '0x';
}

/** One address, or none: Etherscan names no second. */
export function implementationsOf(item: Item): Address[] {
	const address = addressOrNull(item.Implementation);
	return address === null || /^0x0*$/.test(address) ? [] : [address];
}

export function abiOf(item: Item): unknown[] | null {
	const abi = typeof item.ABI === 'string' ? parseJson(item.ABI) : item.ABI;
	return Array.isArray(abi) ? abi : null;
}
