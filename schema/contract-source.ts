import type { ContractKey } from '../domain/contract.ts';
import { kindOf, proxyKinds } from '../domain/proxy.ts';
import { type SourceFile as File, matches, type SourceDescription } from '../domain/source.ts';
import { providers } from '../domain/upstreams.ts';
import { builder } from './builder.ts';
import type { OperationContext } from './context.ts';

/** `older`: no longer the source that the contract has. */
type Shape = SourceDescription & ContractKey & { older?: boolean };

const SourceProvider = builder.enumType('SourceProvider', { values: providers });

const SourceMatch = builder.enumType('SourceMatch', { values: matches });

export const ProxyType = builder.enumType('ProxyType', { values: proxyKinds });

const Optimizer = builder.objectRef<Shape['optimizer']>('Optimizer').implement({
	fields: (t) => ({
		enabled: t.exposeBoolean('enabled'),
		runs: t.int({
			nullable: true,
			description: 'Null above 2147483647, where an Int ends: `runsExact` has it then.',
			resolve: ({ runs }) => (runs !== null && runs < 2 ** 31 ? runs : null),
		}),
		runsExact: t.float({
			nullable: true,
			description: 'As `runs`, and up to 4294967295, which Solidity allows.',
			resolve: ({ runs }) => runs,
		}),
	}),
});

const LinkedLibrary = builder.objectRef<Shape['libraries'][number]>('LinkedLibrary').implement({
	fields: (t) => ({
		name: t.exposeString('name'),
		address: t.expose('address', { type: 'Address' }),
	}),
});

const SourceFile = builder.objectRef<File>('SourceFile').implement({
	fields: (t) => ({
		path: t.exposeString('path', {
			description: 'As the upstream names it: data, never a path to write to unchecked.',
		}),
		content: t.exposeString('content'),
		size: t.exposeInt('size', { description: 'Bytes in UTF-8.' }),
	}),
});

export const Implementation = builder.objectRef<ContractKey>('Implementation').implement({
	fields: (t) => ({ address: t.expose('address', { type: 'Address' }) }),
});

export const ContractSource = builder.objectRef<Shape>('ContractSource').implement({
	fields: (t) => ({
		provider: t.expose('provider', { type: SourceProvider }),
		origin: t.exposeString('origin', {
			description: 'Host that answered, such as api.etherscan.io.',
		}),
		name: t.exposeString('name', { description: 'Name of the contract, without a path.' }),
		language: t.exposeString('language', {
			description: 'Solidity, Vyper, Yul or as the upstream says.',
		}),
		compilerVersion: t.exposeString('compilerVersion'),
		evmVersion: t.exposeString('evmVersion', { nullable: true }),
		optimizer: t.expose('optimizer', { type: Optimizer }),
		license: t.exposeString('license', { nullable: true }),
		constructorArguments: t.string({
			description: 'Hex with 0x; 0x alone where there were none.',
			resolve: (source, _, { loaders }) =>
				source.argumentsHash === null
					? source.constructorArguments
					: loaders().constructorArguments(source),
		}),
		libraries: t.expose('libraries', { type: [LinkedLibrary] }),
		viaIR: t.exposeBoolean('viaIr', {
			description: 'Whether the settings compile it through Yul.',
		}),
		remappings: t.exposeStringList('remappings', {
			description: 'Import remappings of the settings, such as `@oz/=lib/oz/`.',
		}),
		abi: t.field({
			type: 'JSON',
			nullable: true,
			resolve: (source, _, { loaders }) => loaders().abi(source),
		}),
		match: t.expose('match', {
			type: SourceMatch,
			description:
				'Whether the upstream matched metadata too (EXACT), only bytecode (PARTIAL), or does not say (UNKNOWN).',
		}),
		similarMatch: t.expose('similarMatch', {
			type: 'Address',
			nullable: true,
			description:
				'Address of the verified twin this source was taken from, where the upstream says so.',
		}),
		implementations: t.field({
			type: [Implementation],
			description:
				'If the contract is a proxy: the contracts that hold its code. Their `contract` is null if this service does not know them.',
			resolve: ({ chainId, implementations }) =>
				implementations.map((address) => ({ chainId, address })),
		}),
		proxyType: t.field({
			type: ProxyType,
			nullable: true,
			description: 'The kind of proxy that it is, where the upstream says so.',
			resolve: ({ proxyKind }) => kindOf(proxyKind),
		}),
		files: t.field({
			type: [SourceFile],
			description: 'All files, sorted by path.',
			resolve: (source, _, { loaders }) => loaders().files(source),
		}),
		file: t.field({
			type: SourceFile,
			nullable: true,
			args: { path: t.arg.string({ required: true }) },
			resolve: (source, { path }, context) => loadFile(source, path, context),
		}),
		mainFile: t.field({
			type: SourceFile,
			nullable: true,
			description: 'The file that defines the contract.',
			resolve: (source, _, context) =>
				source.mainPath === null ? null : loadFile(source, source.mainPath, context),
		}),
		standardJson: t.field({
			type: 'JSON',
			nullable: true,
			description:
				'Solidity or Vyper standard JSON input: as delivered, or rebuilt from the files and settings. Of a file it has the\n`content` alone, not what may stand beside it (`keccak256`, `urls`, `sha256sum`).',
			resolve: (source, _, { loaders }) => loaders().standardJson(source),
		}),
		fileCount: t.exposeInt('fileCount'),
		size: t.exposeInt('size', { description: 'Bytes of all files together, in UTF-8.' }),
		hash: t.exposeString('hash', {
			description: 'SHA-256 over the files and settings, in hex: equal sources have equal hashes.',
		}),
		zipUrl: t.string({
			description: 'Path on this server of a zip of the files.',
			resolve: ({ chainId, address, hash, older }) =>
				`/contracts/${chainId}/${address}/source.zip${older ? `?hash=${hash}` : ''}`,
		}),
		fetchedAt: t.expose('fetchedAt', { type: 'DateTime' }),
	}),
});

async function loadFile(
	source: Shape,
	path: string,
	{ loaders }: OperationContext,
): Promise<File | null> {
	const files = await loaders().files(source);
	return files.find((file) => file.path === path) ?? null;
}
