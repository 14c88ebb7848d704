import { describe, expect, test } from 'vitest';
import { createRedact } from '../domain/redact.ts';
import { excerpt, retryAfter, untilReset } from './refusal.ts';

const now = new Date('2026-11-23T21:43:00.000Z');
const minutes = (count: number) => count * 60_000;

describe('Retry-After', () => {
	test.each([
		[null, 0],
		['', 0],
		['7', 7_000],
		['0', 0],
		['-5', 0],
		['soon', 0],
		['Mon, 23 Nov 2026 21:45:00 GMT', minutes(2)],
		['Mon, 23 Nov 2026 21:00:00 GMT', 0],
		['99999999999999', minutes(60)],
	])('%j asks for %d ms', (header, ms) => {
		expect(retryAfter(header, now)).toBe(ms);
	});
});

describe('a daily quota', () => {
	test.each([
		['Max daily rate limit reached. 110000 (100%) of 100000 day/limit', minutes(137)],
		['Community Free API limit reached. Resets 2026-11-23 22:00:00 UTC.', minutes(17)],
		['Community Free API limit reached. Resets 2026-11-23T22:00:00 UTC.', minutes(17)],
		['Community Free API limit reached. Resets 2026-11-24 UTC.', minutes(137)],
		['Resets at 22:00 UTC', minutes(17)],
		['Resets at 21:00:00 UTC', minutes(23 * 60 + 17)],
		['Resets 23 Nov 2026 22:00:00 UTC', minutes(17)],
		['Resets 2020-01-01 00:00:00 UTC', minutes(137)],
		['Resets 2999-01-01 00:00:00 UTC', minutes(24 * 60)],
		['Resets whenever UTC', minutes(137)],
		['Resets 2026-11-23 21:43:01 UTC', minutes(1)],
	])('%j waits %d ms', (text, ms) => {
		expect(untilReset(text, now)).toBe(ms);
	});

	test('waits a minute at least, also right before midnight', () => {
		expect(untilReset('', new Date('2026-11-23T23:59:59.999Z'))).toBe(minutes(1));
	});
});

const redact = createRedact(['KEY1', 'KEY1LONGER']);

test('an excerpt is one line of 200 characters at most, cut after it was redacted', () => {
	expect(excerpt('a\n\tb\u0000c', redact)).toBe('a b c');
	const cut = excerpt(`${'x'.repeat(196)}KEY1LONGER`, redact);
	expect(cut).toBe(`${'x'.repeat(196)}[re…`);
	expect(excerpt(`${'x'.repeat(198)}😀😀`, redact).isWellFormed()).toBe(true);
});
