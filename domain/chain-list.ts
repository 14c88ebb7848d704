import { type Chain, type ChangeableChains, withBundled } from './chain.ts';
import type { Context } from './context.ts';

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
