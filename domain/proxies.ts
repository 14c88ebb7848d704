import type { Contract, ContractKey } from './contract.ts';
import type { SourceDescription } from './source.ts';

/** Proxies in front of proxies are followed so far. */
const deepest = 3;
/** A diamond has dozens of facets; more than this is nobody's honest proxy. */
const most = 100;

/** The implementations of a proxy that are submitted as contracts of their own, each once. */
export function implementationsToFollow(
	proxy: Contract,
	{ implementations }: Pick<SourceDescription, 'implementations'>,
): ContractKey[] {
	if (proxy.depth >= deepest) return [];
	return [...new Set(implementations)]
		.filter((address) => address !== proxy.address && !/^0x0*$/.test(address))
		.slice(0, most)
		.map((address) => ({ chainId: proxy.chainId, address }));
}
