import type { ContractKey } from '../domain/contract.ts';
import type { ExchangeOnlooker } from '../domain/ports.ts';
import type { FetchedSource, Provider } from '../domain/source.ts';

/**
 * One upstream, as its own folder knows it: how to ask, and how to read the answer. Turns, keys, the
 * breaker and the next upstream are others' business, and the same for all.
 */
export interface SourceClient {
	readonly provider: Provider;
	/** As a person knows it, for sentences: Etherscan. */
	readonly name: string;
	serves(chainId: number): boolean;
	/**
	 * One HTTP exchange. Rejects with an `UpstreamFailure` for everything that is understood, without a
	 * key or a URL in it, and with the signal's reason when the signal fires.
	 */
	ask(
		key: ContractKey,
		apiKey: string | null,
		signal: AbortSignal,
		onlooker?: ExchangeOnlooker,
	): Promise<FetchedSource>;
}
