import { expect, test } from 'vitest';
import { createRedact } from '../../domain/redact.ts';
import { excerpt } from './excerpt.ts';

const redact = createRedact(['KEY1', 'KEY1LONGER']);

test('an excerpt is one line of 200 characters at most, cut after it was redacted', () => {
	expect(excerpt('a\n\tb\u0000c', redact)).toBe('a b c');
	const cut = excerpt(`${'x'.repeat(196)}KEY1LONGER`, redact);
	expect(cut).toBe(`${'x'.repeat(196)}[re…`);
	expect(excerpt(`${'x'.repeat(198)}😀😀`, redact).isWellFormed()).toBe(true);
});
