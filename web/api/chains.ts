import { useEffect, useState } from 'preact/hooks';
import { ask } from './ask.ts';
import { ChainsDocument, type ChainsQuery } from './documents.ts';
import { retrying } from './retrying.ts';

export type Chain = ChainsQuery['chains'][number];

const ethereum: Chain = { id: 1, name: 'Ethereum', explorerUrl: 'https://etherscan.io' };
let loaded: readonly Chain[] | null = null;

/** The chains that the server serves; until it has said so, null. */
export function useChains(): readonly Chain[] | null {
	const [chains, setChains] = useState(loaded);
	useEffect(() => {
		if (loaded) return;
		const end = new AbortController();
		retrying(() => ask(ChainsDocument, {}, end.signal), end.signal).then(
			(answer) => {
				loaded = answer.chains;
				setChains(loaded);
			},
			() => {},
		);
		return () => end.abort();
	}, []);
	return chains;
}

export function chainName(chains: readonly Chain[] | null, id: number): string {
	return (chains ?? [ethereum]).find((chain) => chain.id === id)?.name ?? `chain ${id}`;
}
