import { type ChainListSource, refreshChains } from '../domain/chain.ts';
import type { Context } from '../domain/context.ts';
import { pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import { chainListOrigin, chainListUrl, fetchChainList } from '../sources/etherscan/chain-list.ts';

const lookEveryMs = 60_000;
const againMs = 300_000;
const maxBytes = 1024 * 1024;

/** Sees to it that the list of chains in the database is fresh, together with all other workers. */
export function startChainList(
	config: Config,
	context: Pick<Context, 'chainLists' | 'emit'>,
): { stop(): Promise<void> } {
	const stopped = new AbortController();
	const origin = chainListOrigin(config);
	const every = config.CHAINS_REFRESH_MS;
	const timeoutMs = config.UPSTREAM_TIMEOUT_MS;

	async function run(from: string): Promise<void> {
		const url = chainListUrl(config.ETHERSCAN_URL);
		const source: ChainListSource = {
			origin: from,
			fetch: (stop) => fetchChainList(url, { timeoutMs, maxBytes }, context.emit, stop),
			// Past the time-out, so that no second worker asks while a first one waits.
			times: { every, again: Math.min(every, Math.max(againMs, 2 * timeoutMs)) },
		};
		while (!stopped.signal.aborted) {
			await refreshChains(context, source, stopped.signal);
			await pause(Math.min(lookEveryMs, every), stopped.signal);
		}
	}

	const ended = origin === null ? Promise.resolve() : run(origin);
	return {
		async stop() {
			stopped.abort();
			await ended;
		},
	};
}
