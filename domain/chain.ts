import { badInput } from './errors.ts';

/** A blockchain that a contract can live on; `id` is its EIP-155 chain id. */
export interface Chain {
	id: number;
	name: string;
	explorerUrl: string | null;
}

/** The chains that this service takes submissions for. */
export interface Chains {
	list(): readonly Chain[];
	get(id: number): Chain | undefined;
}

/** Throws a `BAD_USER_INPUT` for a chain that is not served. */
export function requireChain(chains: Chains, id: number): Chain {
	const chain = chains.get(id);
	if (!chain) {
		throw badInput(
			`Chain ${id} is not served here. Ask for { chains { id name } } to see which are; 1 is Ethereum.`,
		);
	}
	return chain;
}
