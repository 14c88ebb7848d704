import type { ContractKey } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import type { SourceDescription, StandardJson } from '../domain/source.ts';
import {
	changedFiles,
	diffSettings,
	type FileDiff as FileShape,
	fileChanges,
	patchOf,
} from '../domain/source-diff.ts';
import { builder } from './builder.ts';
import { Contract } from './contract.ts';
import { ContractSource } from './contract-source.ts';
import type { Loaders } from './loaders.ts';

type Version = SourceDescription & ContractKey & { older: boolean };

/** The sources that a contract has had, the one it has now first. */
async function loadVersions(key: ContractKey, { versions }: Loaders): Promise<Version[]> {
	const { chainId, address } = key;
	const sources = await versions.load(key);
	return sources.map((source, place) => ({ ...source, chainId, address, older: place > 0 }));
}

builder.objectField(Contract, 'sources', (t) =>
	t.field({
		type: [ContractSource],
		description:
			'Every distinct source that was stored for this contract, newest first, at most 100: a refresh that brings\nanother source adds one, a refresh that brings a known one moves it to the front.',
		resolve: (contract, _, { loaders }) => loadVersions(contract, loaders()),
	}),
);

interface Shape {
	from: Version;
	to: Version;
	/** Loaded once, by the first field that needs them. */
	inputs: () => Promise<[StandardJson, StandardJson]>;
}

const FileChange = builder.enumType('FileChange', { values: fileChanges });

const FileDiff = builder.objectRef<FileShape>('FileDiff').implement({
	fields: (t) => ({
		path: t.exposeString('path', {
			description: 'As the upstream names it: data, never a path to write to unchecked.',
		}),
		change: t.expose('change', { type: FileChange }),
		patch: t.string({
			nullable: true,
			description:
				'Unified diff that turns the old file into the new one, exactly. Null if old and new together have more than\n2 MB or 60,000 lines, if hundreds of lines differ, or if this operation has compared as much as it may: then\nread the files themselves, or ask for fewer.',
			resolve: (file, _, { loaders }) => loaders().compare((effort) => patchOf(file, effort)),
		}),
	}),
});

const SourceDiff = builder.objectRef<Shape>('SourceDiff').implement({
	description: 'How two sources of one contract differ.',
	fields: (t) => ({
		from: t.expose('from', { type: ContractSource }),
		to: t.expose('to', { type: ContractSource }),
		files: t.field({
			type: [FileDiff],
			description: 'The files that differ, sorted by path.',
			async resolve({ inputs }, _, { loaders }) {
				const files = changedFiles(...(await inputs()));
				loaders().spend(files.length);
				return files;
			},
		}),
		settings: t.string({
			nullable: true,
			description:
				'Unified diff of the standard JSON inputs without their files, pretty-printed with sorted names. Null where\nthey are equal; an error where they are too large, or differ too much, to be compared by this operation.',
			async resolve({ inputs }, _, { loaders }) {
				const [from, to] = await inputs();
				const diff = await loaders().compare((effort) => diffSettings(from, to, effort));
				if (diff.equal) return null;
				if (diff.patch === null) throw badInput(tooLarge);
				return diff.patch;
			},
		}),
	}),
});

const tooLarge =
	'These settings are too large, or differ too much, to be compared by this operation; read both in standardJson, or ask for fewer differences.';

builder.objectField(Contract, 'sourceDiff', (t) =>
	t.field({
		type: SourceDiff,
		nullable: true,
		description:
			'How two of `sources`, named by their hashes, differ. `to` is by default the newest, `from` the one before `to`.\nNull if there is none before it.',
		args: { from: t.arg.string(), to: t.arg.string() },
		async resolve(contract, args, { loaders }): Promise<Shape | null> {
			const versions = await loadVersions(contract, loaders());
			const to = args.to == null ? versions[0] : pick(versions, args.to);
			const from = args.from == null ? before(versions, to) : pick(versions, args.from);
			if (!from || !to || versions.length === 1) return null;
			return { from, to, inputs: once(() => loadInputs(from, to, loaders())) };
		},
	}),
);

function before(versions: readonly Version[], to: Version | undefined): Version | undefined {
	return to && versions[versions.indexOf(to) + 1];
}

const mostNamed = 10;

function pick(versions: readonly Version[], hash: string): Version {
	const found = versions.find((source) => source.hash === hash.toLowerCase());
	if (found) return found;
	const named = versions.slice(0, mostNamed).map((source) => source.hash);
	const more = versions.length > mostNamed ? ', and those that sources { hash } lists' : '';
	const has = named.length === 0 ? 'it has none yet' : `it has ${named.join(', ')}${more}`;
	const asked = JSON.stringify(hash.slice(0, 70));
	throw badInput(`${asked} is not the hash of a source of this contract: ${has}.`);
}

async function loadInputs(
	from: Version,
	to: Version,
	{ standardJson }: Loaders,
): Promise<[StandardJson, StandardJson]> {
	const [old, current] = await Promise.all([standardJson(from), standardJson(to)]);
	if (!old || !current) throw new Error(`a source that ${to.address} has had is not stored`);
	return [old, current];
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
	let loading: Promise<T> | undefined;
	return () => {
		loading ??= load();
		return loading;
	};
}
