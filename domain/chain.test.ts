import { expect, test } from 'vitest';
import { type Chain, createChains, requireChain, withBundled } from './chain.ts';
import { DomainError } from './errors.ts';

function chain(id: number, name: string, explorerUrl: string | null = null): Chain {
	return { id, name, explorerUrl };
}

const bundled = [
	chain(11155111, 'Sepolia', 'https://sepolia.etherscan.io'),
	chain(1, 'Ethereum', 'https://etherscan.io'),
	chain(534352, 'Scroll', 'https://scrollscan.com'),
];

function refusal(id: number, chains = bundled): string {
	try {
		requireChain(createChains(chains), id);
	} catch (error) {
		if (error instanceof DomainError && error.code === 'BAD_USER_INPUT') return error.message;
	}
	return '';
}

test('a chain that is served is given back', () => {
	expect(requireChain(createChains(bundled), 1).name).toBe('Ethereum');
});

test('an unknown chain is refused with the nearest ones', () => {
	expect(refusal(11155112)).toBe(
		'Chain 11155112 is not served here; the nearest are 11155111 (Sepolia), 534352 (Scroll), 1 (Ethereum). Ask for { chains { id name } } to see all.',
	);
	expect(refusal(2, [chain(1, 'Ethereum')])).toBe(
		'Chain 2 is not served here; the nearest is 1 (Ethereum). Ask for { chains { id name } } to see all.',
	);
});

test('names and explorers of a live list win, and bundled chains that it lacks stay', () => {
	const live = [
		chain(777, 'New', 'https://new.example'),
		chain(11155111, 'Sepolia Testnet', 'https://other.example'),
		chain(1, 'Ethereum Mainnet'),
	];
	expect(createChains(withBundled(live, bundled)).list()).toEqual([
		chain(1, 'Ethereum Mainnet', 'https://etherscan.io'),
		chain(777, 'New', 'https://new.example'),
		chain(534352, 'Scroll', 'https://scrollscan.com'),
		chain(11155111, 'Sepolia Testnet', 'https://other.example'),
	]);
});

test('chains are replaced whole, and it is told whether that changed anything', () => {
	const chains = createChains(bundled);
	const before = chains.list();
	expect(chains.replace(bundled.toReversed())).toBe(false);
	expect(chains.replace([chain(5, 'Five')])).toBe(true);
	expect(chains.list()).toEqual([chain(5, 'Five')]);
	expect(chains.get(1)).toBeUndefined();
	expect(before).toHaveLength(3);
});
