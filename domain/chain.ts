import type { Context } from './context.ts';
import type { ContractKey } from './contract.ts';
import { badInput } from './errors.ts';

/** A blockchain that a contract can live on; `id` is its EIP-155 chain id. */
export interface Chain {
	id: number;
	name: string;
	explorerUrl: string | null;
}

/** The chains that this service takes submissions for. */
export interface Chains {
	/** Ethereum first, then by id. */
	list(): readonly Chain[];
	get(id: number): Chain | undefined;
}

interface ChangeableChains extends Chains {
	/** Serves other chains from now on; false where they are those that are served already. */
	replace(chains: readonly Chain[]): boolean;
}

/** Chains as a value that is swapped whole, so that no reader sees half of a change. */
export function createChains(first: readonly Chain[]): ChangeableChains {
	let served = index(first);
	return {
		list: () => served.list,
		get: (id) => served.byId.get(id),
		replace(chains) {
			const next = index(chains);
			if (JSON.stringify(next.list) === JSON.stringify(served.list)) return false;
			served = next;
			return true;
		},
	};
}

function index(chains: readonly Chain[]) {
	const list = chains.toSorted((a, b) => a.id - b.id);
	return { list, byId: new Map(list.map((chain) => [chain.id, chain])) };
}

/**
 * What is served when an upstream has listed its chains: those, as it calls them, and the bundled ones
 * that it lacks, as other upstreams hold sources for them.
 */
export function withBundled(live: readonly Chain[], bundled: readonly Chain[]): Chain[] {
	const all = new Map(bundled.map((chain) => [chain.id, chain]));
	for (const chain of live) {
		const explorerUrl = chain.explorerUrl ?? all.get(chain.id)?.explorerUrl ?? null;
		all.set(chain.id, { ...chain, explorerUrl });
	}
	return [...all.values()];
}

/** Throws a `BAD_USER_INPUT` for a chain that is not served, with the nearest that are. */
export function requireChain(chains: Chains, id: number): Chain {
	const chain = chains.get(id);
	if (chain) return chain;
	const near = nearestChains(id, chains.list()).map(({ id, name }) => `${id} (${name})`);
	const nearest =
		near.length === 1 ? `the nearest is ${near[0]}` : `the nearest are ${near.join(', ')}`;
	throw badInput(
		`Chain ${id} is not served here; ${nearest}. Ask for { chains { id name } } to see all.`,
	);
}

const mostContracts = 100;

/** Throws a `BAD_USER_INPUT` for a chain that is not served, and for none or more than 100 contracts. */
export function requireServed(chains: Chains, keys: readonly Pick<ContractKey, 'chainId'>[]): void {
	for (const { chainId } of keys) requireChain(chains, chainId);
	if (keys.length === 0 || keys.length > mostContracts) {
		throw badInput(
			`1 to ${mostContracts} addresses can be asked for at once; these are ${keys.length}. Split them into several requests.`,
		);
	}
}

/** Numbers of chains that are gone, mostly test networks, and of those that took their place. */
const formerly = new Map([
	[3, 11155111],
	[4, 11155111],
	[5, 11155111],
	[69, 11155420],
	[250, 146],
	[280, 300],
	[420, 11155420],
	[44787, 11142220],
	[80084, 80069],
	[167009, 167013],
]);

/**
 * The three chains that somebody who asked for an unknown id most likely meant, the likeliest first: the
 * one that took its place, then by the slips of the pen between the ids.
 */
export function nearestChains<T extends { id: number }>(id: number, chains: readonly T[]): T[] {
	return chains
		.map((chain) => ({ chain, slips: slips(id, chain.id), gap: Math.abs(id - chain.id) }))
		.sort((a, b) => a.slips - b.slips || a.gap - b.gap || a.chain.id - b.chain.id)
		.slice(0, 3)
		.map(({ chain }) => chain);
}

function slips(asked: number, known: number): number {
	if (formerly.get(asked) === known) return 0;
	// The digits as wallets show them: 89 for 0x89, which is 137.
	if (String(asked) === known.toString(16)) return 1;
	return editDistance(String(asked), String(known));
}

/** How many digits are wrong, missing, too many, or swapped with their neighbour. */
export function editDistance(from: string, to: string): number {
	const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
	const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
	for (const [i, digit] of [...from].entries()) {
		const row = [i + 1];
		rows.push(row);
		for (const [j, other] of [...to].entries()) {
			const swapped = digit === to[j - 1] && other === from[i - 1];
			const replaced = at(i, j) + (digit === other ? 0 : 1);
			const exchanged = swapped ? at(i - 1, j - 1) + 1 : replaced;
			row.push(Math.min(at(i, j + 1) + 1, at(i + 1, j) + 1, replaced, exchanged));
		}
	}
	return at(from.length, to.length);
}

/** The last good copy of an upstream's list of chains, shared by all processes. */
export interface ChainLists {
	/** Null before the first list. */
	read(origin: string): Promise<Chain[] | null>;
	/**
	 * Whether it is time to ask the upstream, and the caller is the one to do so: of all who ask one gets
	 * true, and after `again` milliseconds the next, unless a list was saved.
	 */
	take(origin: string, times: { every: number; again: number }): Promise<boolean>;
	/** It is good until `every` milliseconds from now. */
	save(origin: string, chains: readonly Chain[]): Promise<void>;
}

export interface ChainListSource {
	origin: string;
	/** Asks the upstream; rejects for everything that is no list. */
	fetch(stop: AbortSignal): Promise<Chain[]>;
	/** Milliseconds from one list to the next, and from a failure to the next attempt. */
	times: { every: number; again: number };
}

/** Fetches the list when it is time to, and keeps the last good one when what comes is none. Never rejects. */
export async function refreshChains(
	{ chainLists, emit }: Pick<Context, 'chainLists' | 'emit'>,
	source: ChainListSource,
	stop: AbortSignal,
): Promise<void> {
	const { origin } = source;
	try {
		if (!(await chainLists.take(origin, source.times)) || stop.aborted) return;
		const chains = await source.fetch(stop);
		const last = (await chainLists.read(origin)) ?? [];
		if (chains.length * 2 < last.length) {
			throw new Error(
				`${origin} lists ${chains.length} chains, less than half of the ${last.length} before: the last list stays`,
			);
		}
		await chainLists.save(origin, chains);
		emit({ type: 'chain-list.taken', from: 'upstream', chains: chains.length });
	} catch (error) {
		if (!stop.aborted) emit({ type: 'chain-list.failed', from: 'upstream', error });
	}
}

/** Serves the chains of the stored list from now on, and the bundled ones that it lacks. Never rejects. */
export async function serveChains(
	{ chainLists, emit }: Pick<Context, 'chainLists' | 'emit'>,
	chains: ChangeableChains,
	origin: string,
	bundled: readonly Chain[],
): Promise<void> {
	try {
		const live = await chainLists.read(origin);
		if (!live || !chains.replace(withBundled(live, bundled))) return;
		emit({ type: 'chain-list.taken', from: 'database', chains: chains.list().length });
	} catch (error) {
		emit({ type: 'chain-list.failed', from: 'database', error });
	}
}
