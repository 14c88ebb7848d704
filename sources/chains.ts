import * as viem from 'viem/chains';
import type { Chain } from '../domain/chain.ts';

/** The chains of Etherscan V2's chain list. */
const served = [
	viem.mainnet,
	viem.sepolia,
	viem.hoodi,
	viem.abstract,
	viem.abstractTestnet,
	viem.apeChain,
	viem.curtis,
	viem.arbitrum,
	viem.arbitrumSepolia,
	viem.avalanche,
	viem.avalancheFuji,
	viem.base,
	viem.baseSepolia,
	viem.berachain,
	viem.berachainBepolia,
	viem.bitTorrent,
	viem.blast,
	viem.blastSepolia,
	viem.bsc,
	viem.bscTestnet,
	viem.celo,
	viem.celoSepolia,
	viem.fraxtal,
	viem.gnosis,
	viem.hyperEvm,
	viem.katana,
	viem.linea,
	viem.lineaSepolia,
	viem.mantle,
	viem.mantleSepoliaTestnet,
	viem.megaeth,
	viem.megaethTestnet,
	viem.memecore,
	viem.monad,
	viem.monadTestnet,
	viem.opBNB,
	viem.opBNBTestnet,
	viem.optimism,
	viem.optimismSepolia,
	viem.plasma,
	viem.plasmaTestnet,
	viem.polygon,
	viem.polygonAmoy,
	viem.sei,
	viem.seiTestnet,
	viem.sonic,
	viem.stable,
	viem.stableTestnet,
	viem.taiko,
	viem.taikoHoodi,
	viem.unichain,
	viem.unichainSepolia,
	viem.worldchain,
	viem.worldchainSepolia,
	viem.xdc,
	viem.xdcTestnet,
];

/** No longer on that list or on their way out of it; others still hold sources for them. */
const leaving = [
	viem.arbitrumNova,
	viem.holesky,
	viem.moonbaseAlpha,
	viem.moonbeam,
	viem.moonriver,
	viem.scroll,
	viem.scrollSepolia,
	viem.swellchain,
	viem.wemix,
	viem.zksync,
	viem.zksyncSepoliaTestnet,
];

/** The chains that come with this service, for as long as no upstream has told its own. */
export const bundledChains: readonly Chain[] = [...served, ...leaving].map(chainOf);

function chainOf(chain: viem.Chain): Chain {
	// Some end in a slash, and paths are appended.
	const explorerUrl = chain.blockExplorers?.default.url.replace(/\/+$/, '') ?? null;
	return { id: chain.id, name: chain.name, explorerUrl };
}
