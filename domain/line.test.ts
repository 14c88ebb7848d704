import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Asker, type Backlog, join, requireRoom, shareOut } from './line.ts';

const asker = (line: number, more: Partial<Asker> = {}): Asker => ({
	...{ line, mostInLine: 1_000, charge: async () => {}, refund() {} },
	...{ ahead: () => 0, goesAhead: () => false },
	...more,
});
const backlog = (more: Partial<Backlog> = {}): Backlog => ({
	...{ queued: 0, lines: new Map(), perSecond: 5, mostQueued: 20, mostWaiting: 10_000 },
	...more,
});

test('while the queue is short a contract goes there at once, and its wait is that of the queue', () => {
	const all = backlog({ queued: 4 });
	expect(join(all, asker(1))).toEqual({ line: null, waitMs: 1_000 });
	expect(all.queued).toBe(5);
});

test('who asks for many waits in line, and who asks for few goes ahead', () => {
	const all = backlog({ queued: 20, lines: new Map([[1, 5_000]]) });
	expect(join(all, asker(1))).toEqual({ line: 1, waitMs: (20 + 5_001) * 200 });
	expect(join(all, asker(2, { goesAhead: () => true }))).toEqual({ line: null, waitMs: 21 * 200 });
});

test('a line waits for as many of each other line as stand before it in its own', () => {
	const lines = new Map([
		[1, 5_000],
		[2, 10],
	]);
	const all = backlog({ queued: 20, lines });
	expect(join(all, asker(3))).toEqual({ line: 3, waitMs: (20 + 3) * 200 });
	expect(join(all, asker(2))).toEqual({ line: 2, waitMs: (20 + 11 + 11 + 1) * 200 });
});

test.each([
	['in its line', { lines: new Map([[1, 995]]) }, /of yours wait/, 1],
	['in all', { lines: new Map([[2, 9_975]]) }, /So many contracts wait/, 1],
])('no more than so many may wait %s', (_, more, sentence, retryAfter) => {
	const all = backlog({ queued: 20, ...more });
	expect(() => requireRoom(all, asker(1), 5)).not.toThrow();
	expect(() => requireRoom(all, asker(1), 6)).toThrow(
		expect.objectContaining({
			code: 'RATE_LIMITED',
			message: expect.stringMatching(sentence),
			retryAfter,
		}),
	);
});

test('who asks for few is accepted although all others may not add to what waits', () => {
	const full = backlog({ queued: 20, lines: new Map([[9, 9_980]]) });
	expect(() => requireRoom(full, asker(1), 1)).toThrow();
	expect(() => requireRoom(full, asker(1, { ahead: () => 1 }), 1)).not.toThrow();
});

test('what there is room for is shared out evenly, whole, and beyond no line', () => {
	const lengths = fc.uniqueArray(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 50 })), {
		selector: ([line]) => line,
		maxLength: 20,
	});
	fc.assert(
		fc.property(
			lengths,
			fc.nat(200),
			fc.double({ min: 0, max: 1, noNaN: true }),
			(all, room, at) => {
				const lines = new Map(all);
				const shares = shareOut(room, lines, () => at * 0.999);
				const given = [...shares.values()].reduce((a, b) => a + b, 0);
				const wanted = [...lines.values()].reduce((a, b) => a + b, 0);
				expect(given).toBe(Math.min(room, wanted));
				const least = Math.floor(room / Math.max(1, lines.size));
				for (const [line, length] of lines) {
					expect(shares.get(line) ?? 0).toBeGreaterThanOrEqual(Math.min(length, least));
					expect(shares.get(line) ?? 0).toBeLessThanOrEqual(length);
				}
			},
		),
	);
});

test('with less room than lines each has the same chance', () => {
	const lines = new Map([
		[1, 5_000],
		[2, 1],
		[3, 700],
	]);
	const draws = Array.from({ length: 300 }, (_, index) => {
		// Evenly spread, and another for each line.
		let turn = 0;
		return shareOut(1, lines, () => ((index + 0.5) / 300 + 0.618 * turn++) % 1);
	});
	const won = [1, 2, 3].map((line) => draws.filter((shares) => shares.has(line)).length);
	for (const times of won) expect(times).toBeGreaterThan(60);
	expect(won.reduce((a, b) => a + b)).toBe(300);
});
