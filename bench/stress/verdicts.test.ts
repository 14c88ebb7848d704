import { expect, test } from 'vitest';
import { byKind } from './recorder.ts';
import { tableOf } from './report.ts';
import type { PhaseResult, Row } from './result.ts';
import { verdictsOf } from './verdicts.ts';

const row: Row = {
	...{ due: 100, offered: 10, achieved: 10, failed: 0 },
	...{ p50: 5, p99: 249, max: 300 },
};

function phase(change: Partial<Row> = {}, contracts: Partial<PhaseResult['contracts']> = {}) {
	const rows = byKind((kind) => (kind === 'contract' ? { ...row, ...change } : row));
	const all = { success: 100, error: 0, unfinished: 0, finishSeconds: 180, ...contracts };
	return {
		...{ rate: 10, seconds: 10, clients: 1, connections: 1, cache: 'cold', rows, followed: 100 },
		...{ hitRatio: 0.5, contracts: all, cores: { server: 0.25 }, failures: [], moments: [] },
	} satisfies PhaseResult;
}

const held = (one: PhaseResult) => verdictsOf(one).map(({ holds }) => holds);

test('every demand is met at its bound', () => {
	expect(held(phase())).toEqual([true, true, true, true, true]);
	expect(held(phase({ achieved: 9.9 }))).toEqual([true, true, true, true, true]);
});

test('each demand is missed beyond its bound, alone', () => {
	expect(held(phase({ failed: 1 }))).toEqual([false, true, true, true, true]);
	expect(held(phase({ achieved: 9.8 }))).toEqual([true, false, true, true, true]);
	expect(held(phase({ p99: 250 }))).toEqual([true, true, false, true, true]);
	expect(held(phase({}, { finishSeconds: 180.1 }))).toEqual([true, true, true, false, true]);
	expect(held(phase({}, { success: 99 }))).toEqual([true, true, true, false, true]);
	expect(held(phase({}, { finishSeconds: null, unfinished: 1 }))[3]).toBe(false);
	expect(held({ ...phase(), followed: 99 })).toEqual([true, true, true, true, false]);
});

test('a contract in ERROR is a failure: the emulator has verified all', () => {
	expect(held(phase({}, { success: 99, error: 1 }))).toEqual([false, true, true, true, true]);
});

test('the table has every kind, and what was not held is named', () => {
	const table = tableOf(phase({ p99: 251 }));
	expect(table).toContain(
		'| contract                  |      10.0 |       10.0 |      0 |    5.0 |  251.0 |  300.0 |',
	);
	expect(table).toContain('NOT HELD: p99 below 250 ms: the highest is 251.0 ms of contract');
	expect(table).toContain('hit ratio 50.0 %');
});
