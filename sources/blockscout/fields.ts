import { z } from 'zod';
import { type Address, addressOrNull } from '../../domain/address.ts';
import type { Match } from '../../domain/source.ts';
import { wordOrNull } from '../reading/settings.ts';
import {
	isObject,
	type JsonObject,
	loosePath,
	looseText,
	otherAddresses,
	parseJson,
} from '../reading/values.ts';

const anything = z.unknown().optional();

/** An answer about a contract, of which every field may be missing or null. */
export const contractSchema = z.object({
	is_verified: anything,
	is_fully_verified: anything,
	is_partially_verified: anything,
	is_changed_bytecode: anything,
	is_vyper_contract: anything,
	verified_twin_address_hash: looseText,
	source_code: anything,
	file_path: loosePath,
	additional_sources: anything,
	name: looseText,
	language: looseText,
	compiler_version: looseText,
	compiler_settings: anything,
	optimization_enabled: anything,
	optimization_runs: anything,
	evm_version: looseText,
	external_libraries: anything,
	constructor_args: looseText,
	license_type: looseText,
	abi: anything,
	proxy_type: anything,
	deployed_bytecode: anything,
	implementations: anything,
	conflicting_implementations: anything,
});
export type Contract = z.infer<typeof contractSchema>;

/** The twin whose source stands in for that of a contract which is not verified itself. */
export function twinOf(contract: Contract): Address | null {
	return contract.is_verified === true ? null : addressOrNull(contract.verified_twin_address_hash);
}

export function matchOf(contract: Contract): Match {
	// What runs there is no longer what was verified.
	if (contract.is_verified !== true || contract.is_changed_bytecode === true) return 'UNKNOWN';
	if (contract.is_partially_verified === true) return 'PARTIAL';
	return contract.is_fully_verified === true ? 'EXACT' : 'UNKNOWN';
}

const languages: Record<string, string> = {
	solidity: 'Solidity',
	vyper: 'Vyper',
	yul: 'Yul',
	scilla: 'Scilla',
	stylus_rust: 'Rust',
	geas: 'Geas',
};

export function languageOf(contract: Contract): string {
	if (contract.is_vyper_contract === true) return 'Vyper';
	const { language } = contract;
	if (language === '') return contract.file_path.endsWith('.vy') ? 'Vyper' : 'Solidity';
	return (Object.hasOwn(languages, language) ? languages[language] : undefined) ?? language;
}

const licenses: Record<string, string> = {
	unlicense: 'Unlicense',
	mit: 'MIT',
	gnu_gpl_v2: 'GPL-2.0',
	gnu_gpl_v3: 'GPL-3.0',
	gnu_lgpl_v2_1: 'LGPL-2.1',
	gnu_lgpl_v3: 'LGPL-3.0',
	gnu_agpl_v3: 'AGPL-3.0',
	bsd_2_clause: 'BSD-2-Clause',
	bsd_3_clause: 'BSD-3-Clause',
	mpl_2_0: 'MPL-2.0',
	osl_3_0: 'OSL-3.0',
	apache_2_0: 'Apache-2.0',
	bsl_1_1: 'BSL-1.1',
};

export function licenseOf(contract: Contract): string | null {
	const license = contract.license_type;
	return wordOrNull((Object.hasOwn(licenses, license) ? licenses[license] : undefined) ?? license);
}

export function settingsBeside(contract: Contract): JsonObject {
	const { compiler_settings: value } = contract;
	const settings = typeof value === 'string' ? parseJson(value) : value;
	return isObject(settings) ? settings : {};
}

/** Those of every way in which the contract may be a proxy, the one that Blockscout believes first. */
export function implementationsOf(contract: Contract, self: Address): Address[] {
	const conflicting = listOf(contract.conflicting_implementations).flatMap((kind) =>
		isObject(kind) ? listOf(kind['implementations']) : [],
	);
	const entries = [...listOf(contract.implementations), ...conflicting].filter(isObject);
	return otherAddresses(
		entries.map((entry) => entry['address_hash'] ?? entry['address']),
		self,
	);
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

/** As Etherscan writes it, so that one compiler has one name. */
export function compilerVersionOf(version: string, language: string): string {
	return language === 'Vyper' ? version.replace(/^v?(?=\d)/i, 'vyper:') : version;
}
