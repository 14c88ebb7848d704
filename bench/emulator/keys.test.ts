import { expect, test } from 'vitest';
import { createKeyGuard, type KeyLimits } from './keys.ts';

function guardAt(limits: KeyLimits) {
	const clock = { now: 0 };
	const guard = createKeyGuard(limits, () => clock.now);
	return (now: number, apiKey = 'key') => {
		clock.now = now;
		return guard({ apiKey });
	};
}

test('a key is needed, and any will do when none is named', () => {
	const ask = guardAt({});
	expect(ask(0, '')).toBe('Missing/Invalid API Key');
	expect(ask(0, 'anything')).toBeUndefined();
});

test('a wrong key is refused as such, and too many of them too', () => {
	const ask = guardAt({ keys: ['right'] });
	const answers = [1, 2, 3, 4, 5, 6].map((time) => ask(time, 'wrong'));
	expect(answers.slice(0, 5)).toEqual(Array(5).fill('Invalid API Key (#err2)'));
	expect(answers[5]).toBe('Too many invalid api key attempts, please try again later');
	expect(ask(7, 'right')).toBeUndefined();
	expect(ask(40_000, 'wrong')).toBe('Invalid API Key (#err2)');
});

test('the rate holds in every second, for each key of its own', () => {
	const ask = guardAt({ rate: 2 });
	expect([ask(0), ask(600)]).toEqual([undefined, undefined]);
	expect(ask(999)).toBe('Max calls per sec rate limit reached (2/sec)');
	expect(ask(999, 'other')).toBeUndefined();
	expect(ask(1_000)).toBeUndefined();
	expect(ask(1_599)).toBe('Max calls per sec rate limit reached (2/sec)');
	expect(ask(1_600)).toBeUndefined();
});

test('the daily quota ends a key', () => {
	const ask = guardAt({ daily: 1 });
	expect(ask(0)).toBeUndefined();
	expect(ask(90_000)).toBe('Max daily rate limit reached. 1 (100%) of 1 day/limit');
});
