import type { BlockscoutContract } from './form.ts';

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
