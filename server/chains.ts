import { type Chains, createChains, serveChains } from '../domain/chain.ts';
import type { Context } from '../domain/context.ts';
import { patience, pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import { bundledChains } from '../sources/chains.ts';
import { chainListOrigin } from '../sources/etherscan/chain-list.ts';

const readEveryMs = 60_000;
const firstReadMs = 2_000;

interface OpenChains extends Chains {
	close(): Promise<void>;
}

/**
 * The chains that are served: the list that the workers keep in the database, read again and again. The
 * bundled ones until there is one, and for as long as the database is away.
 */
export async function openChains(
	config: Config,
	context: Pick<Context, 'chainLists' | 'emit'>,
): Promise<OpenChains> {
	const chains = createChains(bundledChains);
	const stopped = new AbortController();
	const origin = chainListOrigin(config);
	if (origin === null) return { ...chains, close: async () => {} };

	const first = serveChains(context, chains, origin, bundledChains);
	async function serveNewer(from: string): Promise<void> {
		await first;
		while (!stopped.signal.aborted) {
			await pause(Math.min(readEveryMs, config.CHAINS_REFRESH_MS), stopped.signal);
			if (!stopped.signal.aborted) await serveChains(context, chains, from, bundledChains);
		}
	}
	const ended = serveNewer(origin);
	await patience(first, firstReadMs, stopped.signal);
	return {
		...chains,
		async close() {
			stopped.abort();
			await ended;
		},
	};
}
