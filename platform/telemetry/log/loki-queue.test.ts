import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogLevel, logLevels } from '../../../domain/telemetry.ts';
import { createLogQueue, packed } from './loki-queue.ts';

type Queue = ReturnType<typeof createLogQueue>;

function takeAll(queue: Queue): string[] {
	const texts: string[] = [];
	for (let pack = queue.take(); pack; pack = queue.take()) {
		texts.push(...pack.text.toString().split('\n'));
	}
	return texts;
}

test('lines come out of a pack as they went in, also one that is larger than a pack', () => {
	const queue = createLogQueue({ entries: 10, bytes: 10_000_000 });
	const large = '😀'.repeat(packed.bytes);
	const lines = ['{"a":"tab\\t, 😀 and more"}', large, 'with\ttabs'];
	for (const line of lines) expect(queue.push('warn', line)).toBe(0);
	expect(takeAll(queue)).toEqual(lines);
	expect([queue.entries(), queue.bytes()]).toEqual([0, 0]);
});

test('the oldest lines of the least important level make room, a pack at a time', () => {
	const queue = createLogQueue({ entries: packed.entries * 2 + 1, bytes: 1_000_000 });
	const push = (level: LogLevel, count: number) =>
		Array.from({ length: count }, (_, n) => queue.push(level, `${level} ${n}`)).reduce(
			(sum, dropped) => sum + dropped,
			0,
		);
	expect(push('debug', packed.entries + 50)).toBe(0);
	expect(push('error', packed.entries - 49)).toBe(0);
	expect(push('info', 1)).toBe(packed.entries);
	expect(push('error', packed.entries)).toBe(50);
	expect(push('debug', 50)).toBe(50);
	const left = takeAll(queue);
	expect(left.slice(0, 2)).toEqual(['error 0', 'error 1']);
	expect(left.filter((text) => text.startsWith('error'))).toHaveLength(packed.entries * 2 - 49);
	expect(left.at(-1)).toBe('info 0');
});

test('a line larger than everything is dropped itself', () => {
	const queue = createLogQueue({ entries: 3, bytes: 1_000 });
	expect(queue.push('error', 'x'.repeat(1_001))).toBe(1);
	expect(queue.entries()).toBe(0);
});

test('whatever comes and goes, the bounds hold and every line is taken or counted', () => {
	const lines = fc.record({
		level: fc.constantFrom(...logLevels),
		times: fc.integer({ min: 1, max: 150 }),
	});
	const step = fc.oneof(lines, fc.constant('take' as const));
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const bounds = { entries: 900, bytes: 7_000 };
			const queue = createLogQueue(bounds);
			let [pushed, dropped, taken] = [0, 0, 0];
			for (const step of steps) {
				if (step === 'take') {
					const pack = queue.take();
					expect(pack?.entries ?? 0).toBeLessThanOrEqual(packed.entries);
					taken += pack?.entries ?? 0;
				} else {
					for (let n = 0; n < step.times; n += 1) {
						pushed += 1;
						dropped += queue.push(step.level, `line ${n}`);
					}
				}
				expect(queue.entries()).toBeLessThanOrEqual(bounds.entries);
				expect(queue.bytes()).toBeLessThanOrEqual(bounds.bytes);
				expect(queue.entries()).toBe(pushed - dropped - taken);
			}
		}),
	);
});
