import { setImmediate } from 'node:timers/promises';
import DataLoader from 'dataloader';
import { type Contract, type ContractKey, keyText, type StatusEvent } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import type { ContractStore, SourceStore } from '../domain/ports.ts';
import {
	filesOf,
	type SourceDescription,
	type SourceFile,
	type StandardJson,
} from '../domain/source.ts';
import { type Effort, newEffort } from '../domain/source-diff.ts';

/** Batches and remembers what one operation reads more than once. */
export interface Loaders {
	contract: DataLoader<ContractKey, Contract | null, string>;
	history: DataLoader<ContractKey, StatusEvent[], string>;
	/** The newest 100 sources of each contract, the one it has now first. */
	versions: DataLoader<ContractKey, SourceDescription[], string>;
	/** Counts what is read; throws a `BAD_USER_INPUT` once it is more than one operation may read. */
	spend(items: number): void;
	/** Compares with what the operation may still spend; one at a time, with a turn for others before each. */
	compare<T>(work: (effort: Effort) => T): Promise<T>;
	/** Throws a `BAD_USER_INPUT` once the operation has asked for more bytes of source than it may. */
	standardJson(source: SourceDescription): Promise<StandardJson | null>;
	/** Likewise: all files of a source. */
	files(source: SourceDescription): Promise<SourceFile[]>;
	/** Likewise. */
	abi(source: SourceDescription): Promise<unknown[] | null>;
	/** Likewise: the constructor arguments. */
	constructorArguments(source: SourceDescription): Promise<string>;
}

export interface SourceLimits {
	sourceBytes: number;
	items: number;
	/** What reads more than this waits for its turn first. */
	heavyBytes: number;
	takeTurn(): Promise<void>;
}

const mostVersions = 100;
/** What a file costs even when it is empty. */
const bytesPerFile = 200;

export function createLoaders(
	store: Pick<ContractStore, 'readContracts' | 'readHistories' | 'readSources'>,
	sources: SourceStore,
	limits: SourceLimits,
): Loaders {
	let bytes = 0;
	let items = 0;
	const effort = newEffort();
	let compared: Promise<unknown> = Promise.resolve();

	/** What is nested grows with a power of its depth, so it is counted as it is read. */
	function spend(count: number): void {
		items += count;
		if (items > limits.items) {
			throw badInput(
				`One operation may read ${limits.items} contracts, events, sources and changed files; nest it less deeply, or split it.`,
			);
		}
	}

	function spendBytes(count: number): void {
		bytes += count;
		if (bytes > limits.sourceBytes) {
			throw badInput(
				`One operation may ask for ${limits.sourceBytes} bytes of source; split it into several, or take the downloads at zipUrl.`,
			);
		}
	}

	const spendSource = ({ size, fileCount }: SourceDescription) =>
		spendBytes(size + bytesPerFile * fileCount);

	let turn: Promise<void> | null = null;

	/** One that reads little waits for nobody. */
	async function waitForTurn(): Promise<void> {
		if (bytes <= limits.heavyBytes) return;
		turn ??= limits.takeTurn();
		await turn;
	}

	/** Few at a time, and kept only while several fields of one source ask for them. */
	function large<T>(read: (hashes: readonly string[]) => Promise<T[]>) {
		return new DataLoader(read, { maxBatchSize: 10, cache: false });
	}

	// Not remembered: in a subscription the contract changes while the operation lives.
	const byKey = { cacheKeyFn: keyText, cache: false };

	/** Lists of one contract each, whose items are counted once they are read. */
	function counted<T>(read: (keys: readonly ContractKey[]) => Promise<T[][]>, most = Infinity) {
		return new DataLoader<ContractKey, T[], string>(
			async (keys) => {
				const lists = await read(keys);
				spend(lists.reduce((sum, list) => sum + list.length, 0));
				return lists;
			},
			{ ...byKey, maxBatchSize: most },
		);
	}

	const standardJson = large((hashes) => sources.readStandardJsons(hashes));
	/** Files on their way, by hash: however many fields ask for one source meanwhile, it is read once. */
	const filesUnderWay = new Map<string, Promise<SourceFile[]>>();

	async function readFiles(hash: string): Promise<SourceFile[]> {
		try {
			await waitForTurn();
			const source = await standardJson.load(hash);
			if (!source) throw new Error(`the stored source ${hash} is missing`);
			return filesOf(source);
		} finally {
			filesUnderWay.delete(hash);
		}
	}

	const abi = large((hashes) => sources.readAbis(hashes));
	const longArguments = large((hashes) => sources.readArguments(hashes));
	return {
		spend,
		contract: new DataLoader(async (keys) => {
			spend(keys.length);
			return store.readContracts(keys);
		}, byKey),
		history: counted((keys) => store.readHistories(keys)),
		versions: counted((keys) => store.readSources(keys, mostVersions), 100),
		compare(work) {
			const done = compared.then(() => setImmediate()).then(() => work(effort));
			compared = done.catch(() => {});
			return done;
		},
		async standardJson(source) {
			spendSource(source);
			await waitForTurn();
			return standardJson.load(source.hash);
		},
		async files(source) {
			const { hash } = source;
			const underWay = filesUnderWay.get(hash);
			if (underWay) return underWay;
			spendSource(source);
			const files = readFiles(hash);
			filesUnderWay.set(hash, files);
			return files;
		},
		async abi({ abiHash, abiSize }) {
			if (abiHash === null) return null;
			spend(1);
			spendBytes(abiSize);
			await waitForTurn();
			return abi.load(abiHash);
		},
		async constructorArguments({ constructorArguments, argumentsHash, argumentsSize }) {
			if (argumentsHash === null) return constructorArguments;
			spend(1);
			spendBytes(argumentsSize);
			await waitForTurn();
			const found = await longArguments.load(argumentsHash);
			if (found === null) throw new Error(`the stored arguments ${argumentsHash} are missing`);
			return found;
		},
	};
}
