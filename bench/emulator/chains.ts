/** One row of what `/v2/chainlist` knows. */
export interface EmulatedChain {
	id: number;
	name: string;
	explorer: string;
}

// Scroll has left the live list since its contract was verified; it stays here for that contract.
export const chains: readonly EmulatedChain[] = [
	{ id: 1, name: 'Ethereum Mainnet', explorer: 'https://etherscan.io' },
	{ id: 11155111, name: 'Sepolia Testnet', explorer: 'https://sepolia.etherscan.io' },
	{ id: 560048, name: 'Hoodi Testnet', explorer: 'https://hoodi.etherscan.io' },
	{ id: 56, name: 'BNB Smart Chain Mainnet', explorer: 'https://bscscan.com' },
	{ id: 97, name: 'BNB Smart Chain Testnet', explorer: 'https://testnet.bscscan.com' },
	{ id: 137, name: 'Polygon Mainnet', explorer: 'https://polygonscan.com' },
	{ id: 80002, name: 'Polygon Amoy Testnet', explorer: 'https://amoy.polygonscan.com' },
	{ id: 8453, name: 'Base Mainnet', explorer: 'https://basescan.org' },
	{ id: 84532, name: 'Base Sepolia Testnet', explorer: 'https://sepolia.basescan.org' },
	{ id: 42161, name: 'Arbitrum One Mainnet', explorer: 'https://arbiscan.io' },
	{ id: 421614, name: 'Arbitrum Sepolia Testnet', explorer: 'https://sepolia.arbiscan.io' },
	{ id: 59144, name: 'Linea Mainnet', explorer: 'https://lineascan.build' },
	{ id: 81457, name: 'Blast Mainnet', explorer: 'https://blastscan.io' },
	{ id: 10, name: 'OP Mainnet', explorer: 'https://optimistic.etherscan.io' },
	{ id: 11155420, name: 'OP Sepolia Testnet', explorer: 'https://sepolia-optimism.etherscan.io' },
	{ id: 43114, name: 'Avalanche C-Chain', explorer: 'https://snowscan.xyz' },
	{ id: 43113, name: 'Avalanche Fuji Testnet', explorer: 'https://testnet.snowscan.xyz' },
	{ id: 42220, name: 'Celo Mainnet', explorer: 'https://celoscan.io' },
	{ id: 100, name: 'Gnosis', explorer: 'https://gnosisscan.io' },
	{ id: 5000, name: 'Mantle Mainnet', explorer: 'https://mantlescan.xyz' },
	{ id: 204, name: 'opBNB Mainnet', explorer: 'https://opbnb.bscscan.com' },
	{ id: 480, name: 'World Mainnet', explorer: 'https://worldscan.org' },
	{ id: 146, name: 'Sonic Mainnet', explorer: 'https://sonicscan.org' },
	{ id: 130, name: 'Unichain Mainnet', explorer: 'https://uniscan.xyz' },
	{ id: 80094, name: 'Berachain Mainnet', explorer: 'https://berascan.com' },
	{ id: 534352, name: 'Scroll Mainnet', explorer: 'https://scrollscan.com' },
];

const ids = new Set(chains.map((chain) => String(chain.id)));

export function isSupportedChain(chainId: string): boolean {
	return ids.has(chainId);
}

/** The body of `GET /v2/chainlist`: not the envelope, and ids are strings there. */
export function chainList(apiUrl: string): string {
	return JSON.stringify({
		comments: 'List of supported chains, emulated',
		totalcount: chains.length,
		result: chains.map((chain) => ({
			chainname: chain.name,
			chainid: String(chain.id),
			blockexplorer: chain.explorer,
			apiurl: `${apiUrl}?chainid=${chain.id}`,
			status: 1,
			comment: '',
		})),
	});
}
