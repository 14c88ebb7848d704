import type { Chain } from './chain.ts';
import type { Emit } from './telemetry.ts';

/** The last good copy of an upstream's list of chains, shared by all processes. */
export interface ChainLists {
	/** Null before the first list. */
	read(origin: string): Promise<Chain[] | null>;
	/**
	 * Whether it is time to ask the upstream, and the caller is the one to do so: of all who ask one is
	 * told yes, and after `again` milliseconds the next, unless a list was saved.
	 */
	take(origin: string, times: { every: number; again: number }): Promise<boolean>;
	/** It is good until `every` milliseconds from now. */
	save(origin: string, chains: readonly Chain[]): Promise<void>;
}

export interface RefreshPorts {
	chainLists: ChainLists;
	emit: Emit;
	/** Asks the upstream; rejects for everything that is no list. */
	fetch(stop: AbortSignal): Promise<Chain[]>;
	origin: string;
	/** Milliseconds from one list to the next, and from a failure to the next attempt. */
	times: { every: number; again: number };
}

/** Fetches the list when it is time to, and keeps the last good one when what comes is none. */
export type RefreshChains = (stop: AbortSignal) => Promise<void>;

export function createRefreshChains(ports: RefreshPorts): RefreshChains {
	const { chainLists, emit, origin, times } = ports;

	async function fetchGood(stop: AbortSignal): Promise<Chain[]> {
		const chains = await ports.fetch(stop);
		const last = (await chainLists.read(origin)) ?? [];
		if (chains.length * 2 >= last.length) return chains;
		throw new Error(
			`${origin} lists ${chains.length} chains, less than half of the ${last.length} before: the last list stays`,
		);
	}

	return async (stop) => {
		try {
			if (!(await chainLists.take(origin, times)) || stop.aborted) return;
			const chains = await fetchGood(stop);
			await chainLists.save(origin, chains);
			emit({ type: 'chain-list.taken', from: 'upstream', chains: chains.length });
		} catch (error) {
			if (!stop.aborted) emit({ type: 'chain-list.failed', from: 'upstream', error });
		}
	};
}
