import type { Contract, ContractKey } from './contract.ts';
import type { SourceDescription } from './source.ts';

/**
 * How many implementations are followed, by how many proxies led to their proxy: a diamond has dozens
 * of facets, but nobody's honest code stands behind dozens of diamonds.
 */
const most = [100, 10, 3];

/** The implementations of a proxy that are submitted as contracts of their own, each once. */
export function implementationsToFollow(
	proxy: Contract,
	{ implementations }: Pick<SourceDescription, 'implementations'>,
): ContractKey[] {
	return [...new Set(implementations)]
		.filter((address) => address !== proxy.address && !/^0x0*$/.test(address))
		.slice(0, most[proxy.depth] ?? 0)
		.map((address) => ({ chainId: proxy.chainId, address }));
}
