import { expect, test } from 'vitest';
import type { Chain } from './chain.ts';
import { type ChainListSource, type ChainLists, refreshChains } from './chain-list.ts';
import type { Emit } from './telemetry.ts';

const going = new AbortController().signal;

function chains(count: number): Chain[] {
	return Array.from({ length: count }, (_, at) => ({ id: at + 1, name: 'x', explorerUrl: null }));
}

/** A database and an upstream under the test's control. */
function world() {
	const state = { stored: null as Chain[] | null, turn: true, asked: 0 };
	const emitted: string[] = [];
	let answer: () => Promise<Chain[]> = async () => chains(10);
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
	answers(async () => chains(5));
	await refresh(going);
	expect(state.stored).toHaveLength(5);
	answers(async () => chains(2));
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
