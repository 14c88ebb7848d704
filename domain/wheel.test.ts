import { expect, test, vi } from 'vitest';
import { createWheel } from './wheel.ts';

test('everybody has a turn within a round and one in each, until they leave; then there is no timer', () => {
	vi.useFakeTimers();
	try {
		const turns: string[] = [];
		const wheel = createWheel<string>(1_000, (seats) => turns.push(...seats));
		const first = wheel.join('a');
		vi.advanceTimersByTime(500);
		const second = wheel.join('b');
		expect(turns).toEqual([]);
		vi.advanceTimersByTime(500);
		expect(turns).toEqual(['a']);
		vi.advanceTimersByTime(1_000);
		expect(turns).toEqual(['a', 'b', 'a']);
		first.delete('a');
		vi.advanceTimersByTime(1_000);
		expect(turns).toEqual(['a', 'b', 'a', 'b']);
		second.delete('b');
		vi.advanceTimersByTime(1_000);
		expect(vi.getTimerCount()).toBe(0);
		wheel.join('c');
		vi.advanceTimersByTime(1_000);
		expect(turns.at(-1)).toBe('c');
	} finally {
		vi.useRealTimers();
	}
});
