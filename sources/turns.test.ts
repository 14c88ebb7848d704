import { expect, test } from 'vitest';
import type { CallLimits, Reservation } from '../domain/ports.ts';
import { createTurns } from './turns.ts';

const never = new AbortController().signal;

/** Limits that answer a reservation when the test says so. */
function heldLimits() {
	const asked: ((reservation: Reservation) => void)[] = [];
	const limits: CallLimits = {
		reserve: () => new Promise((resolve) => asked.push(resolve)),
		countToday: async () => true,
		holdBack: async () => {},
		suspend: async () => {},
		suspensions: async (names) => names.map(() => null),
	};
	return { asked, limits };
}

function wait(perSecond: number, downloads: number) {
	const { asked, limits } = heldLimits();
	const terms = { keys: [], perSecond, perDay: null };
	const turns = createTurns('sourcify', terms, limits, () => {});
	const taken = Array.from({ length: downloads }, () => turns.take(10_000, never));
	return { asked, taken };
}

/** Everything that does not wait for an answer has been done by then. */
const settled = () => new Promise(setImmediate);

test('downloads stand in one line for a slow upstream, each served before the next asks', async () => {
	const { asked, taken } = wait(3, 4);
	for (const [index, turn] of taken.entries()) {
		await settled();
		expect(asked).toHaveLength(index + 1);
		asked.at(-1)?.({ inMs: 0 });
		await turn;
	}
});

test('for a fast upstream they stand in several, so that its pace is not that of one answer after the other', async () => {
	const { asked, taken } = wait(120, 10);
	await settled();
	expect(asked).toHaveLength(4);
	for (let served = 0; served < taken.length; served += 1) {
		asked[served]?.({ inMs: 0 });
		await settled();
	}
	await Promise.all(taken);
});

test('however fast an upstream is, the lines are bounded', async () => {
	const { asked } = wait(1_000_000, 100);
	await settled();
	expect(asked).toHaveLength(32);
});
