import { badInput } from './errors.ts';
import { nearestChains } from './nearest-chains.ts';

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

export interface ChangeableChains extends Chains {
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

/**
 * What is served when an upstream has told its chains: those, as it calls them, and the bundled ones
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

function index(chains: readonly Chain[]) {
	const list = chains.toSorted((a, b) => a.id - b.id);
	return { list, byId: new Map(list.map((chain) => [chain.id, chain])) };
}
