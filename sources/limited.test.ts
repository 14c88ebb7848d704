import { expect, test } from 'vitest';
import { createLimited } from './limited.ts';

test('a limit is that of an address alone once others pass between its calls', () => {
	const limited = createLimited();
	expect(limited.isOfOne('a', 'x')).toBe(false);
	expect(limited.isOfOne('a', 'x')).toBe(false);
	limited.passed('a');
	expect(limited.isOfOne('a', 'x')).toBe(true);
	expect(limited.isOfOne('a', 'x')).toBe(false);
});

test('another address, and another account, has met nothing yet', () => {
	const limited = createLimited();
	limited.isOfOne('a', 'x');
	limited.passed('a');
	expect(limited.isOfOne('a', 'y')).toBe(false);
	expect(limited.isOfOne('b', 'x')).toBe(false);
	limited.passed('a');
	expect(limited.isOfOne('b', 'x')).toBe(false);
});

test('an address that is forgotten holds its account back once more', () => {
	const limited = createLimited();
	for (let n = 0; n < 2_000; n += 1) limited.isOfOne('a', `${n}`);
	limited.passed('a');
	expect(limited.isOfOne('a', '0')).toBe(false);
	expect(limited.isOfOne('a', '1999')).toBe(true);
});
