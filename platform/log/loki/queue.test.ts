import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogLevel, logLevels } from '../../metrics/log.ts';
import { createPacking, packBytes, type QueuedLine } from './pack.ts';
import { createLogQueue, packEntries } from './queue.ts';

const lineOf = (level: LogLevel, line: string): QueuedLine => ({
	...{ level, line, at: new Date(0), metadata: {} },
});
const all = { entries: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
const texts = (queue: ReturnType<typeof createLogQueue>) =>
	queue.take(all).flatMap((pack) => pack.lines().map(({ line }) => line));

test('lines come out of a pack as they went in', () => {
	const lines: QueuedLine[] = [
		{ ...lineOf('warn', '{"a":"tab\\t, 😀 and more"}'), at: new Date(1_795_000_000_123) },
		{ ...lineOf('warn', 'with\ttabs'), metadata: { trace_id: 'ab', span_id: 'cd' } },
		lineOf('warn', ''),
	];
	const packOf = createPacking();
	packOf('error', [lineOf('error', 'x'.repeat(20_000))]).release();
	expect(packOf('warn', lines).lines()).toEqual(lines);
	const large = lineOf('info', '😀'.repeat(packBytes));
	expect(packOf('info', [large]).lines()).toEqual([large]);
});

test('the oldest lines of the least important level make room, a pack at a time', () => {
	const queue = createLogQueue({ entries: packEntries * 2 + 1, bytes: 1_000_000 });
	const push = (level: LogLevel, count: number) =>
		Array.from({ length: count }, (_, n) => queue.push(lineOf(level, `${level} ${n}`))).reduce(
			(sum, dropped) => sum + dropped,
			0,
		);
	expect(push('debug', packEntries + 50)).toBe(0);
	expect(push('error', 51)).toBe(0);
	expect(push('info', 1)).toBe(packEntries);
	expect(push('error', packEntries)).toBe(50);
	expect(push('debug', 50)).toBe(50);
	const left = texts(queue);
	expect(left.slice(0, 2)).toEqual(['error 0', 'error 1']);
	expect(left.filter((text) => text.startsWith('error'))).toHaveLength(packEntries + 51);
	expect(left.at(-1)).toBe('info 0');
	expect([queue.entries(), queue.bytes()]).toEqual([0, 0]);
});

test('a line larger than everything is dropped itself', () => {
	const queue = createLogQueue({ entries: 3, bytes: 1_000 });
	expect(queue.push(lineOf('error', 'x'.repeat(1_001)))).toBe(1);
	expect(queue.entries()).toBe(0);
});

test('whatever comes and goes, the bounds hold and every line is taken or counted', () => {
	const lines = fc.record({
		level: fc.constantFrom(...logLevels),
		times: fc.integer({ min: 1, max: 150 }),
	});
	const step = fc.oneof(lines, fc.integer({ min: 1, max: 300 }));
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const bounds = { entries: 400, bytes: 70_000 };
			const queue = createLogQueue(bounds);
			let [pushed, dropped, taken] = [0, 0, 0];
			for (const step of steps) {
				if (typeof step === 'number') {
					const batch = queue.take({ entries: step, bytes: 60_000 });
					const size = batch.reduce((sum, { entries }) => sum + entries, 0);
					expect(batch.length <= 1 || size <= step).toBe(true);
					taken += size;
					for (const pack of batch) pack.release();
				} else {
					for (let n = 0; n < step.times; n += 1) {
						pushed += 1;
						dropped += queue.push(lineOf(step.level, `line ${n}`));
					}
				}
				expect(queue.entries()).toBeLessThanOrEqual(bounds.entries);
				expect(queue.bytes()).toBeLessThanOrEqual(bounds.bytes);
				expect(queue.entries()).toBe(pushed - dropped - taken);
			}
		}),
	);
});
