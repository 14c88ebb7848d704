import type { Chain } from '../../domain/chain.ts';

// Scroll has left the live list since its contract was verified; it stays here for that contract.
export const chains: readonly Chain[] = [
	{ id: 1, name: 'Ethereum Mainnet', explorerUrl: 'https://etherscan.io' },
	{ id: 11155111, name: 'Sepolia Testnet', explorerUrl: 'https://sepolia.etherscan.io' },
	{ id: 560048, name: 'Hoodi Testnet', explorerUrl: 'https://hoodi.etherscan.io' },
	{ id: 56, name: 'BNB Smart Chain Mainnet', explorerUrl: 'https://bscscan.com' },
	{ id: 97, name: 'BNB Smart Chain Testnet', explorerUrl: 'https://testnet.bscscan.com' },
	{ id: 137, name: 'Polygon Mainnet', explorerUrl: 'https://polygonscan.com' },
	{ id: 80002, name: 'Polygon Amoy Testnet', explorerUrl: 'https://amoy.polygonscan.com' },
	{ id: 8453, name: 'Base Mainnet', explorerUrl: 'https://basescan.org' },
	{ id: 84532, name: 'Base Sepolia Testnet', explorerUrl: 'https://sepolia.basescan.org' },
	{ id: 42161, name: 'Arbitrum One Mainnet', explorerUrl: 'https://arbiscan.io' },
	{ id: 421614, name: 'Arbitrum Sepolia Testnet', explorerUrl: 'https://sepolia.arbiscan.io' },
	{ id: 59144, name: 'Linea Mainnet', explorerUrl: 'https://lineascan.build' },
	{ id: 81457, name: 'Blast Mainnet', explorerUrl: 'https://blastscan.io' },
	{ id: 10, name: 'OP Mainnet', explorerUrl: 'https://optimistic.etherscan.io' },
	{
		id: 11155420,
		name: 'OP Sepolia Testnet',
		explorerUrl: 'https://sepolia-optimism.etherscan.io',
	},
	{ id: 43114, name: 'Avalanche C-Chain', explorerUrl: 'https://snowscan.xyz' },
	{ id: 43113, name: 'Avalanche Fuji Testnet', explorerUrl: 'https://testnet.snowscan.xyz' },
	{ id: 42220, name: 'Celo Mainnet', explorerUrl: 'https://celoscan.io' },
	{ id: 100, name: 'Gnosis', explorerUrl: 'https://gnosisscan.io' },
	{ id: 5000, name: 'Mantle Mainnet', explorerUrl: 'https://mantlescan.xyz' },
	{ id: 204, name: 'opBNB Mainnet', explorerUrl: 'https://opbnb.bscscan.com' },
	{ id: 480, name: 'World Mainnet', explorerUrl: 'https://worldscan.org' },
	{ id: 146, name: 'Sonic Mainnet', explorerUrl: 'https://sonicscan.org' },
	{ id: 130, name: 'Unichain Mainnet', explorerUrl: 'https://uniscan.xyz' },
	{ id: 80094, name: 'Berachain Mainnet', explorerUrl: 'https://berascan.com' },
	{ id: 534352, name: 'Scroll Mainnet', explorerUrl: 'https://scrollscan.com' },
];

const ids = new Set(chains.map((chain) => String(chain.id)));

export function isSupportedChain(chainId: string): boolean {
	return ids.has(chainId);
}
