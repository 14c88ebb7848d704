import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const dayMs = 86_400_000;

test('who has no place waits for one, in line, and no more than the line holds', async () => {
	const turns = createTurns({ places: 1, line: 1, longestMs: dayMs });
	const first = Promise.withResolvers<void>();
	await turns.take(first.promise);
	let hasTurn = false;
	const second = turns.take(Promise.resolve()).then(() => {
		hasTurn = true;
	});
	await expect(turns.take(Promise.resolve())).rejects.toMatchObject({ code: 'TOO_BUSY' });
	expect(hasTurn).toBe(false);
	first.resolve();
	await second;
	await turns.take(Promise.resolve());
});

test('whoever holds a place for too long gives it on', async () => {
	const turns = createTurns({ places: 1, line: 1, longestMs: 1 });
	await turns.take(new Promise(() => {}));
	await turns.take(Promise.resolve());
});
