import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTelling } from './telling.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const away = 'logs do not reach Loki';
const back = 'logs reach Loki again';

function open() {
	const lines: string[] = [];
	const write = (line: unknown) => void lines.push(String(line));
	// Winston's own gives back the logger, which nobody here looks at.
	const log = { warn: write, info: write } as unknown as Parameters<typeof createTelling>[0];
	return { lines, tell: createTelling(log, 60_000) };
}

test('an outage soon after another is told of once the quiet time is over, if it lasts', () => {
	const { lines, tell } = open();
	tell('down', new Error('one'));
	tell('up');
	vi.advanceTimersByTime(10_000);
	tell('down', new Error('two'));
	vi.advanceTimersByTime(49_000);
	expect(lines).toEqual([away, back]);
	vi.advanceTimersByTime(1_000);
	tell('up');
	expect(lines).toEqual([away, back, away, back]);
});

test('one that is over before then is not', () => {
	const { lines, tell } = open();
	for (let outage = 0; outage < 5; outage++) {
		tell('down', new Error('gone'));
		tell('up');
	}
	vi.advanceTimersByTime(120_000);
	expect(lines).toEqual([away, back]);
});
