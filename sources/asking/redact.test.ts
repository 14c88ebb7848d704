import { describe, expect, test } from 'vitest';
import { createRedact, excerpt } from './redact.ts';

const key = 'ab+c/d "e"&f';
const redact = createRedact(['KEY1', 'KEY1LONGER', key, '']);

describe('a secret is taken out', () => {
	test.each([
		['as it is', `x ${key} y`],
		['URL-encoded', `x ${encodeURIComponent(key)} y`],
		['URL-encoded in lower case', `x ${encodeURIComponent(key).toLowerCase()} y`],
		['as a form field', `x ${new URLSearchParams({ a: key }).toString().slice(2)} y`],
		['inside JSON', `x ${JSON.stringify(key).slice(1, -1)} y`],
		['in another case', `x ${key.toUpperCase()} y`],
		['whole, where another secret is its beginning', 'x KEY1LONGER y'],
	])('%s', (_how, text) => {
		expect(redact(text)).toBe('x [redacted] y');
	});

	test('wherever a query holds an API key, known or not', () => {
		expect(redact('GET /api?apikey=other&chainid=1')).toBe('GET /api?apikey=[redacted]&chainid=1');
	});
});

test('a text without secrets stays as it is', () => {
	expect(redact('Max rate limit reached')).toBe('Max rate limit reached');
	expect(createRedact([])('Max rate limit reached')).toBe('Max rate limit reached');
});

test('an excerpt is one line of 200 characters at most, cut after it was redacted', () => {
	expect(excerpt('a\n\tb\u0000c', redact)).toBe('a b c');
	const cut = excerpt(`${'x'.repeat(196)}KEY1LONGER`, redact);
	expect(cut).toBe(`${'x'.repeat(196)}[re…`);
	expect(excerpt(`${'x'.repeat(198)}😀😀`, redact).isWellFormed()).toBe(true);
});
