import * as viem from 'viem/chains';
import { expect, test } from 'vitest';
import { createChains } from '../domain/chain.ts';
import { bundledChains } from './chains.ts';

const chains = createChains(bundledChains);

test('every chain has an id of its own, a name and an explorer that is a URL without a last slash', () => {
	const ids = chains.list().map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
	for (const { name, explorerUrl } of chains.list()) {
		expect(name).not.toBe('');
		expect(URL.canParse(explorerUrl ?? '')).toBe(true);
		expect(explorerUrl).not.toMatch(/\/$/);
	}
});

test('Ethereum comes first', () => {
	expect(chains.list()[0]).toEqual({
		id: 1,
		name: 'Ethereum',
		explorerUrl: 'https://etherscan.io',
	});
});

test.each([
	[1, 'Ethereum'],
	[10, 'OP Mainnet'],
	[56, 'BNB Smart Chain'],
	[130, 'Unichain'],
	[137, 'Polygon'],
	[999, 'HyperEVM'],
	[8453, 'Base'],
	[42161, 'Arbitrum One'],
	[42220, 'Celo'],
	[59144, 'Linea Mainnet'],
	[534352, 'Scroll'],
	[11155111, 'Sepolia'],
])('chain %d is %s', (id, name) => {
	expect(chains.get(id)?.name).toBe(name);
});

test('a chain that is not there is undefined', () => {
	expect(chains.get(424242)).toBeUndefined();
});

test('names and explorers are those that viem knows', () => {
	const known = Object.values(viem);
	for (const { id, name, explorerUrl } of bundledChains) {
		const same = known.filter((chain) => chain.id === id && chain.name === name);
		const explorers = same.flatMap(({ blockExplorers }) => blockExplorers?.default.url ?? []);
		expect(explorers.map((url) => url.replace(/\/+$/, ''))).toContain(explorerUrl);
	}
});
