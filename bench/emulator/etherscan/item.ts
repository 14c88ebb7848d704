import type { EtherscanItem } from '../../../sources/etherscan/format.ts';
import type { CatalogueEntry, Shape } from '../catalogue.ts';
import type { LoadedContract } from '../loaded-contract.ts';

const compilerTypes = { plain: 'solc-s', standard: 'solc-j', multi: 'solc-m' } satisfies Record<
	Shape,
	string
>;

/** Says what Etherscan would say about a contract; what its package lacks stays "". */
export function toItem(entry: CatalogueEntry, contract: LoadedContract): EtherscanItem {
	const { optimizer, evmVersion } = contract.settings;
	return {
		SourceCode: sourceCode(entry, contract),
		ABI: JSON.stringify(contract.abi),
		ContractName: entry.name,
		CompilerVersion: entry.compiler,
		CompilerType: compilerTypes[entry.shape],
		OptimizationUsed: optimizer ? (optimizer.enabled ? '1' : '0') : '',
		Runs: optimizer ? String(optimizer.runs) : '',
		ConstructorArguments: contract.constructorArguments,
		EVMVersion: evmVersion ?? 'Default',
		Library: '',
		ContractFileName: entry.shape === 'plain' ? '' : entry.entry,
		LicenseType: licenceName(contract.files.get(entry.entry) ?? ''),
		Proxy: entry.proxy ? '1' : '0',
		Implementation: entry.implementation?.toLowerCase() ?? '',
		SwarmSource: contract.swarmSource,
		SimilarMatch: '',
	};
}

function sourceCode(entry: CatalogueEntry, contract: LoadedContract): string {
	const files = [...contract.files].sort(([a], [b]) => (a < b ? -1 : 1));
	const sources = Object.fromEntries(files.map(([path, content]) => [path, { content }]));
	switch (entry.shape) {
		case 'plain':
			return contract.files.size === 1
				? (contract.files.get(entry.entry) ?? '')
				: flatten(contract.files, entry.entry);
		case 'multi':
			return JSON.stringify(sources);
		case 'standard':
			return standardJson(sources, contract.settings);
		default:
			return entry.shape satisfies never;
	}
}

/** Etherscan puts a second pair of braces around it and breaks its lines with \r\n. */
function standardJson(sources: object, settings: object): string {
	const outputSelection = {
		'*': { '*': ['evm.bytecode', 'evm.deployedBytecode', 'devdoc', 'userdoc', 'metadata', 'abi'] },
	};
	const input = { language: 'Solidity', sources, settings: { ...settings, outputSelection } };
	return `{${JSON.stringify(input, null, 2).replaceAll('\n', '\r\n')}}`;
}

const licences: readonly [prefix: string, name: string][] = [
	['MIT', 'MIT'],
	['LGPL-3.0', 'GNU LGPLv3'],
	['GPL-3.0', 'GNU GPLv3'],
	['AGPL-3.0', 'GNU AGPLv3'],
	['BSD-3-Clause', 'BSD-3-Clause'],
	['Apache-2.0', 'Apache-2.0'],
];

function licenceName(source: string): string {
	const identifier = /SPDX-License-Identifier:\s*(\S+)/.exec(source)?.[1] ?? '';
	return licences.find(([prefix]) => identifier.startsWith(prefix))?.[1] ?? 'None';
}

const imports = /^[ \t]*import\s+[^;]*;[ \t]*\r?\n?/gm;
const licence = /^\/\/ *SPDX-License-Identifier:.*\r?\n?/gm;

/**
 * One text from many files, as people flatten a project to verify it by hand: dependencies first,
 * imports gone, one licence line, because the compiler refuses a second.
 */
export function flatten(files: ReadonlyMap<string, string>, entry: string): string {
	const [ownLicence] = files.get(entry)?.match(licence) ?? [];
	const parts = [...files].map(
		([name, content]) =>
			`// File: ${name}\n\n${content.replace(imports, '').replace(licence, '').trim()}\n`,
	);
	return (ownLicence ? [`${ownLicence.trim()}\n`, ...parts] : parts).join('\n');
}
