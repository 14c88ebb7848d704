import { type Abi, checksumAddress, decodeAbiParameters, isAddress, isHex } from 'viem';
import type { CatalogueEntry } from '../catalogue.ts';
import type { LoadedContract } from '../loaded-contract.ts';
import { proxyTypes } from '../proxy-kind.ts';

/** A contract as `/api/v2/smart-contracts/{address}` gives it. */
export interface BlockscoutContract {
	is_verified: boolean;
	is_fully_verified: boolean;
	is_partially_verified: boolean;
	is_changed_bytecode: boolean;
	is_verified_via_sourcify: boolean;
	is_verified_via_eth_bytecode_db: boolean;
	is_verified_via_verifier_alliance: boolean;
	verified_twin_address_hash: string | null;
	proxy_type: string | null;
	implementations: readonly { address_hash: string; name: string | null }[];
	conflicting_implementations: readonly object[] | null;
	name: string | null;
	compiler_version: string | null;
	optimization_enabled: boolean | null;
	optimization_runs: number | null;
	evm_version: string | null;
	verified_at: string | null;
	abi: readonly unknown[] | null;
	source_code: string | null;
	file_path: string | null;
	additional_sources: readonly { file_path: string; source_code: string }[];
	compiler_settings: Record<string, unknown> | null;
	external_libraries: readonly { name: string; address_hash: string }[];
	/** Hex with 0x. */
	constructor_args: string | null;
	decoded_constructor_args: readonly (readonly [unknown, object])[] | null;
	language: string | null;
	license_type: string | null;
	certified: boolean;
	is_blueprint: boolean;
	deployed_bytecode: string | null;
	creation_bytecode: string | null;
	creation_status: 'success' | 'failed' | 'selfdestructed' | null;
}

/** What is known of code that nobody has verified: it comes with 200, unlike an address without code. */
export const unverifiedContract = {
	proxy_type: null,
	implementations: [],
	conflicting_implementations: null,
	deployed_bytecode: '0x6080604052600080fd',
	creation_bytecode: '0x6080604052600080fd',
	creation_status: 'success',
} satisfies Partial<BlockscoutContract>;

/** A verified contract of which nothing is known, to be filled. */
export const emptyContract: Readonly<BlockscoutContract> = {
	is_verified: true,
	is_fully_verified: false,
	is_partially_verified: true,
	is_changed_bytecode: false,
	is_verified_via_sourcify: false,
	is_verified_via_eth_bytecode_db: false,
	is_verified_via_verifier_alliance: false,
	verified_twin_address_hash: null,
	name: '',
	compiler_version: '',
	optimization_enabled: null,
	optimization_runs: null,
	evm_version: null,
	verified_at: '2024-06-01T12:00:00.000000Z',
	abi: [],
	source_code: '',
	file_path: null,
	additional_sources: [],
	compiler_settings: null,
	external_libraries: [],
	constructor_args: null,
	decoded_constructor_args: null,
	language: 'solidity',
	license_type: 'none',
	certified: false,
	is_blueprint: false,
	...unverifiedContract,
	deployed_bytecode: null,
	creation_bytecode: null,
};

/** Says what Blockscout would say about a contract of the catalogue; bytecode is null, no package has it. */
export function toBlockscout(entry: CatalogueEntry, contract: LoadedContract): BlockscoutContract {
	const { optimizer, evmVersion } = contract.settings;
	const fully = entry.from !== 'tree';
	const { constructorArguments: args } = contract;
	return {
		...emptyContract,
		is_fully_verified: fully,
		is_partially_verified: !fully,
		is_verified_via_sourcify: fully,
		proxy_type: entry.proxy ? (proxyTypes[entry.name]?.blockscout ?? null) : null,
		implementations: implementations(entry),
		name: entry.name,
		compiler_version: entry.compiler,
		optimization_enabled: optimizer?.enabled ?? null,
		optimization_runs: optimizer?.runs ?? null,
		evm_version: evmVersion ?? 'default',
		abi: contract.abi,
		source_code: contract.files.get(entry.entry) ?? '',
		file_path: entry.entry,
		additional_sources: [...contract.files]
			.filter(([path]) => path !== entry.entry)
			.map(([file_path, source_code]) => ({ file_path, source_code })),
		compiler_settings: contract.settings,
		constructor_args: args === '' ? null : `0x${args}`,
		decoded_constructor_args: decodeArguments(contract.abi, args),
	};
}

function implementations({ implementation }: CatalogueEntry) {
	if (implementation === null || !isAddress(implementation, { strict: false })) return [];
	return [{ address_hash: checksumAddress(implementation), name: null }];
}

function decodeArguments(abi: Abi, args: string): BlockscoutContract['decoded_constructor_args'] {
	const inputs = abi.find((item) => item.type === 'constructor')?.inputs ?? [];
	const data = `0x${args}`;
	if (args === '' || inputs.length === 0 || !isHex(data)) return null;
	const values: readonly unknown[] = decodeAbiParameters(inputs, data);
	return inputs.map((input, index) => [plainValue(values[index]), input]);
}

/** Numbers come as text, lists as lists. */
function plainValue(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(plainValue);
	if (typeof value === 'object' && value !== null) return Object.values(value).map(plainValue);
	return typeof value === 'boolean' ? value : String(value);
}

/** A contract as the Etherscan-like API gives it: what is empty is left out, and the main file stands alone. */
export function toRpcItem(address: string, contract: BlockscoutContract): object {
	const all = {
		Address: address.toLowerCase(),
		SourceCode: contract.source_code ?? '',
		ABI: JSON.stringify(contract.abi ?? []),
		ContractName: contract.name ?? '',
		CompilerVersion: contract.compiler_version ?? '',
		OptimizationUsed:
			contract.optimization_enabled === null ? '' : String(contract.optimization_enabled),
		OptimizationRuns: contract.optimization_enabled ? contract.optimization_runs : null,
		EVMVersion: contract.evm_version ?? '',
		FileName: contract.file_path ?? '',
		AdditionalSources: contract.additional_sources.map((source) => ({
			Filename: source.file_path,
			SourceCode: source.source_code,
		})),
		ConstructorArguments: contract.constructor_args,
		ExternalLibraries: contract.external_libraries,
		IsProxy: String(contract.proxy_type !== null),
		ImplementationAddress: contract.implementations[0]?.address_hash.toLowerCase(),
		ImplementationAddresses: contract.implementations.map(({ address_hash }) =>
			address_hash.toLowerCase(),
		),
		CompilerSettings: contract.compiler_settings,
	};
	return Object.fromEntries(Object.entries(all).filter(([, value]) => !isAbsent(value)));
}

function isAbsent(value: unknown): boolean {
	return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
