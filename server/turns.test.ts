import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const dayMs = 86_400_000;
const [client, other] = [1, 2];
const never = new Promise<void>(() => {});
const taker = (client: number, over = never, cut = () => {}) => ({ client, over, cut });

test('who has no place waits for one, in line, and no more than the line holds', async () => {
	const turns = createTurns({ places: 1, placesOfOne: 1, line: 1, longestMs: dayMs });
	const first = Promise.withResolvers<void>();
	await turns.take(taker(client, first.promise));
	let hasTurn = false;
	const second = turns.take(taker(other, Promise.resolve())).then(() => {
		hasTurn = true;
	});
	await expect(turns.take(taker(3, Promise.resolve()))).rejects.toMatchObject({ code: 'TOO_BUSY' });
	expect(hasTurn).toBe(false);
	first.resolve();
	await second;
	await turns.take(taker(client, Promise.resolve()));
});

test('one client that asks for many leaves a place to others, and waits in a line of its own', async () => {
	const turns = createTurns({ places: 2, placesOfOne: 1, line: 1, longestMs: dayMs });
	await turns.take(taker(client));
	void turns.take(taker(client));
	await expect(turns.take(taker(client))).rejects.toMatchObject({ code: 'TOO_BUSY' });
	await turns.take(taker(other));
});

test('whoever holds a place for too long loses it, and what it has not taken', async () => {
	const turns = createTurns({ places: 1, placesOfOne: 1, line: 1, longestMs: 1 });
	const { promise, resolve } = Promise.withResolvers<void>();
	await turns.take(taker(client, never, resolve));
	await promise;
	await turns.take(taker(client, Promise.resolve()));
});
