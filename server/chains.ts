import { type Chains, createChains, withBundled } from '../domain/chain.ts';
import { patience, pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import type { Stores } from '../platform/open.ts';
import { bundledChains } from '../sources/chains.ts';
import { chainListOrigin } from '../sources/etherscan/chain-list.ts';

const readEveryMs = 60_000;
const firstReadMs = 2_000;

export interface OpenChains extends Chains {
	close(): Promise<void>;
}

/**
 * The chains that are served: the list that the workers keep in the database, read again and again. The
 * bundled ones until there is one, and for as long as the database is away.
 */
export async function openChains(
	config: Config,
	{ chainLists, emit }: Pick<Stores, 'chainLists' | 'emit'>,
): Promise<OpenChains> {
	const chains = createChains(bundledChains);
	const stopped = new AbortController();
	const origin = chainListOrigin(config);

	async function read(from: string): Promise<void> {
		try {
			const live = await chainLists.read(from);
			if (!live || !chains.replace(withBundled(live, bundledChains))) return;
			emit({ type: 'chain-list.taken', from: 'database', chains: chains.list().length });
		} catch (error) {
			emit({ type: 'chain-list.failed', from: 'database', error });
		}
	}

	async function keepReading(from: string, first: Promise<void>): Promise<void> {
		await first;
		while (!stopped.signal.aborted) {
			await pause(Math.min(readEveryMs, config.CHAINS_REFRESH_MS), stopped.signal);
			if (!stopped.signal.aborted) await read(from);
		}
	}

	const first = origin === null ? Promise.resolve() : read(origin);
	const ended = origin === null ? first : keepReading(origin, first);
	await patience(first, firstReadMs, stopped.signal);
	return {
		...chains,
		async close() {
			stopped.abort();
			await ended;
		},
	};
}
