import type { Chain } from '../domain/chain.ts';
import chains from './chains.json' with { type: 'json' };

/**
 * The chains that come with this service, for as long as no upstream has given its own: those of Etherscan V2's
 * list, and some that have left it and for which others still hold sources. A test compares them with viem's.
 */
export const bundledChains: readonly Chain[] = chains;
