import { expect, test } from 'vitest';
import { isOutage, noPrimary } from './primary.ts';

test('that no host takes writes, as in the midst of a fail-over, is an outage', () => {
	expect(isOutage(new Error('failed query', { cause: noPrimary() }))).toBe(true);
});

test('a fault in what was asked is none', () => {
	const cause = Object.assign(new Error('no such table'), { code: 'ER_NO_SUCH_TABLE' });
	expect(isOutage(new Error('failed query', { cause }))).toBe(false);
});
