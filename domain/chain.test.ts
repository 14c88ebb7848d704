import { describe, expect, test } from 'vitest';
import {
	type Chain,
	type ChainListSource,
	type ChainLists,
	createChains,
	editDistance,
	nearestChains,
	refreshChains,
	requireChain,
	withBundled,
} from './chain.ts';
import { DomainError } from './errors.ts';
import type { Emit } from './telemetry.ts';

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

test('chains are replaced whole, and whether that changed anything is given back', () => {
	const chains = createChains(bundled);
	const before = chains.list();
	expect(chains.replace(bundled.toReversed())).toBe(false);
	expect(chains.replace([chain(5, 'Five')])).toBe(true);
	expect(chains.list()).toEqual([chain(5, 'Five')]);
	expect(chains.get(1)).toBeUndefined();
	expect(before).toHaveLength(3);
});

const served = [
	1, 10, 56, 97, 100, 130, 137, 146, 8453, 42161, 59141, 80002, 80069, 80094, 84532, 421614,
	11155111, 11155420,
].map((id) => ({ id }));

function nearest(id: number): number[] {
	return nearestChains(id, served).map((chain) => chain.id);
}

test.each([
	['a wrong digit', 11155112, 11155111],
	['a digit too few', 1115511, 11155111],
	['a digit too many', 84533, 84532],
	['two digits swapped', 173, 137],
	['a first digit lost', 2161, 42161],
	['a minus', -1, 1],
	['the digits of 0x89', 89, 137],
	['the digits of 0x64', 64, 100],
	['Goerli', 5, 11155111],
	['OP Goerli', 420, 11155420],
	['Mumbai', 80001, 80002],
	['Base Goerli', 84531, 84532],
	['Arbitrum Goerli', 421613, 421614],
	['Linea Goerli', 59140, 59141],
	['Berachain bArtio', 80084, 80069],
	['Fantom, which is Sonic now', 250, 146],
])('of the chains nearest to %s, %i, the first is %i', (_, asked, first) => {
	expect(nearest(asked)[0]).toBe(first);
});

test('three are named, as the test network of a chain may be meant as well', () => {
	expect(nearest(8454).slice(0, 2)).toEqual([8453, 84532]);
	expect(nearest(84530).slice(0, 2)).toEqual([84532, 8453]);
	expect(nearest(999999999)).toHaveLength(3);
});

test('all are named where there are fewer than three', () => {
	expect(nearestChains(7, [{ id: 1 }])).toEqual([{ id: 1 }]);
	expect(nearestChains(7, [])).toEqual([]);
});

describe('the edit distance', () => {
	test.each([
		['', '', 0],
		['', '12', 2],
		['12', '', 2],
		['123', '123', 0],
		['123', '124', 1],
		['123', '132', 1],
		['123', '1123', 1],
		['123', '13', 1],
		['123', '321', 2],
		['1234', '2143', 2],
		['12', '345', 3],
	])('from %j to %j is %i, both ways', (from, to, distance) => {
		expect(editDistance(from, to)).toBe(distance);
		expect(editDistance(to, from)).toBe(distance);
	});
});

const going = new AbortController().signal;

function manyChains(count: number): Chain[] {
	return Array.from({ length: count }, (_, at) => ({ id: at + 1, name: 'x', explorerUrl: null }));
}

/** A database and an upstream under the test's control. */
function world() {
	const state = { stored: null as Chain[] | null, turn: true, asked: 0 };
	const emitted: string[] = [];
	let answer: () => Promise<Chain[]> = async () => manyChains(10);
	const chainLists: ChainLists = {
		read: async () => state.stored,
		take: async () => state.turn,
		async save(_, list) {
			state.stored = [...list];
		},
	};
	const emit: Emit = (event) => {
		if (event.type === 'chain-list.taken') emitted.push(`${event.chains} from ${event.from}`);
		if (event.type !== 'chain-list.failed') return;
		emitted.push(event.error instanceof Error ? event.error.message : '');
	};
	const source: ChainListSource = {
		async fetch() {
			state.asked += 1;
			return answer();
		},
		origin: 'host',
		times: { every: 1, again: 1 },
	};
	return {
		state,
		emitted,
		refresh: (stop: AbortSignal) => refreshChains({ chainLists, emit }, source, stop),
		answers: (next: () => Promise<Chain[]>) => {
			answer = next;
		},
	};
}

test('a list is stored and reported', async () => {
	const { refresh, state, emitted } = world();
	await refresh(going);
	expect(state.stored).toHaveLength(10);
	expect(emitted).toEqual(['10 from upstream']);
});

test('nobody is asked out of turn', async () => {
	const { refresh, state, emitted } = world();
	state.turn = false;
	await refresh(going);
	expect([state.asked, emitted]).toEqual([0, []]);
});

test('a list of half the length of the last one is taken, a shorter one is not', async () => {
	const { refresh, state, emitted, answers } = world();
	await refresh(going);
	answers(async () => manyChains(5));
	await refresh(going);
	expect(state.stored).toHaveLength(5);
	answers(async () => manyChains(2));
	await refresh(going);
	expect(state.stored).toHaveLength(5);
	expect(emitted.at(-1)).toMatch(/2 chains, less than half of the 5 before/);
});

test('a failure is reported, and the last list stays', async () => {
	const { refresh, state, emitted, answers } = world();
	await refresh(going);
	answers(async () => {
		throw new Error('down');
	});
	await refresh(going);
	expect(state.stored).toHaveLength(10);
	expect(emitted.at(-1)).toBe('down');
});

test('a stop is not a failure', async () => {
	const { refresh, emitted, answers } = world();
	const stop = new AbortController();
	answers(async () => {
		stop.abort();
		throw new Error('aborted');
	});
	await refresh(stop.signal);
	expect(emitted).toEqual([]);
});
