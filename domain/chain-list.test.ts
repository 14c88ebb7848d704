import { expect, test } from 'vitest';
import type { Chain } from './chain.ts';
import { createRefreshChains } from './chain-list.ts';

const going = new AbortController().signal;

function chains(count: number): Chain[] {
	return Array.from({ length: count }, (_, at) => ({ id: at + 1, name: 'x', explorerUrl: null }));
}

/** A database and an upstream under the test's hand. */
function world() {
	const state = { stored: null as Chain[] | null, turn: true, asked: 0 };
	const told: string[] = [];
	let answer: () => Promise<Chain[]> = async () => chains(10);
	const refresh = createRefreshChains({
		chainLists: {
			read: async () => state.stored,
			take: async () => state.turn,
			async save(_, list) {
				state.stored = [...list];
			},
		},
		emit(event) {
			if (event.type === 'chain-list.taken') told.push(`${event.chains} from ${event.from}`);
			if (event.type !== 'chain-list.failed') return;
			told.push(event.error instanceof Error ? event.error.message : '');
		},
		async fetch() {
			state.asked += 1;
			return answer();
		},
		origin: 'host',
		times: { every: 1, again: 1 },
	});
	return {
		state,
		told,
		refresh,
		answers: (next: () => Promise<Chain[]>) => {
			answer = next;
		},
	};
}

test('a list is stored and told of', async () => {
	const { refresh, state, told } = world();
	await refresh(going);
	expect(state.stored).toHaveLength(10);
	expect(told).toEqual(['10 from upstream']);
});

test('nobody is asked out of turn', async () => {
	const { refresh, state, told } = world();
	state.turn = false;
	await refresh(going);
	expect([state.asked, told]).toEqual([0, []]);
});

test('a list of half the length of the last one is taken, a shorter one is not', async () => {
	const { refresh, state, told, answers } = world();
	await refresh(going);
	answers(async () => chains(5));
	await refresh(going);
	expect(state.stored).toHaveLength(5);
	answers(async () => chains(2));
	await refresh(going);
	expect(state.stored).toHaveLength(5);
	expect(told.at(-1)).toMatch(/2 chains, less than half of the 5 before/);
});

test('a failure is told, and the last list stays', async () => {
	const { refresh, state, told, answers } = world();
	await refresh(going);
	answers(async () => {
		throw new Error('down');
	});
	await refresh(going);
	expect(state.stored).toHaveLength(10);
	expect(told.at(-1)).toBe('down');
});

test('a stop is not a failure', async () => {
	const { refresh, told, answers } = world();
	const stop = new AbortController();
	answers(async () => {
		stop.abort();
		throw new Error('aborted');
	});
	await refresh(stop.signal);
	expect(told).toEqual([]);
});
