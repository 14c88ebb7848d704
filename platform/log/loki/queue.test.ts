import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logLevels } from '../../metrics/log.ts';
import { createLogQueue, type QueuedLine, sizeOf } from './queue.ts';

const lineOf = (level: QueuedLine['level'], line: string): QueuedLine => ({
	...{ level, line, at: new Date(0), metadata: {} },
});
const all = { entries: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

test('the oldest line of the least important level makes room', () => {
	const queue = createLogQueue({ entries: 3, bytes: 10_000 });
	const given = [
		'error 1',
		'debug 1',
		'info 1',
		'debug 2',
		'info 2',
		'error 2',
		'debug 3',
	] as const;
	const dropped = given.map((text) => {
		const [level] = text.split(' ');
		return queue.push(lineOf(logLevels.find((known) => known === level) ?? 'info', text));
	});
	expect(dropped).toEqual([0, 0, 0, 1, 1, 1, 1]);
	expect(queue.take(all).map(({ line }) => line)).toEqual(['error 1', 'error 2', 'info 2']);
	expect([queue.entries(), queue.bytes()]).toEqual([0, 0]);
});

test('a line larger than everything is dropped itself', () => {
	const queue = createLogQueue({ entries: 3, bytes: 1_000 });
	expect(queue.push(lineOf('error', 'x'.repeat(1_000)))).toBe(1);
	expect(queue.entries()).toBe(0);
});

test('whatever comes and goes, the bounds hold and every line is taken or counted', () => {
	const lines = fc.record({
		level: fc.constantFrom(...logLevels),
		line: fc.string({ maxLength: 300 }),
	});
	const step = fc.oneof(lines, fc.integer({ min: 1, max: 9 }));
	fc.assert(
		fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
			const bounds = { entries: 20, bytes: 6_000 };
			const queue = createLogQueue(bounds);
			let [pushed, dropped, taken] = [0, 0, 0];
			for (const step of steps) {
				if (typeof step === 'number') {
					const batch = queue.take({ entries: step, bytes: 2_000 });
					const size = batch.reduce((sum, line) => sum + sizeOf(line), 0);
					expect(batch.length <= 1 || size <= 2_000).toBe(true);
					taken += batch.length;
				} else {
					pushed += 1;
					dropped += queue.push(lineOf(step.level, step.line));
				}
				expect(queue.entries()).toBeLessThanOrEqual(bounds.entries);
				expect(queue.bytes()).toBeLessThanOrEqual(bounds.bytes);
				expect(queue.entries()).toBe(pushed - dropped - taken);
			}
		}),
	);
});
