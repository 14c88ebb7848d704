import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const dayMs = 86_400_000;
const [client, other] = [1, 2];
const never = new Promise<void>(() => {});

test('who has no place waits for one, in line, and no more than the line holds', async () => {
	const turns = createTurns({ places: 1, placesOfOne: 1, line: 1, longestMs: dayMs });
	const first = Promise.withResolvers<void>();
	await turns.take(first.promise, client);
	let hasTurn = false;
	const second = turns.take(Promise.resolve(), other).then(() => {
		hasTurn = true;
	});
	await expect(turns.take(Promise.resolve(), 3)).rejects.toMatchObject({ code: 'TOO_BUSY' });
	expect(hasTurn).toBe(false);
	first.resolve();
	await second;
	await turns.take(Promise.resolve(), client);
});

test('one client that asks for many leaves a place to others, and waits in a line of its own', async () => {
	const turns = createTurns({ places: 2, placesOfOne: 1, line: 1, longestMs: dayMs });
	await turns.take(never, client);
	void turns.take(never, client);
	await expect(turns.take(never, client)).rejects.toMatchObject({ code: 'TOO_BUSY' });
	await turns.take(never, other);
});

test('whoever holds a place for too long gives it on', async () => {
	const turns = createTurns({ places: 1, placesOfOne: 1, line: 1, longestMs: 1 });
	await turns.take(never, client);
	await turns.take(Promise.resolve(), client);
});
