import { DrizzleQueryError } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createClean } from './clean.ts';
import { createLineFormat, MESSAGE, prettyFormat } from './line.ts';

const format = createLineFormat({
	clean: createClean((text) => text),
	isEnabled: () => true,
	written() {},
});

function pretty(error: unknown): string {
	const made = format.transform({ level: 'error', message: 'request failed', error });
	const info = typeof made === 'boolean' ? made : prettyFormat.transform(made);
	return typeof info === 'boolean' ? '' : String(info[MESSAGE]);
}

function coded(message: string, code: string): Error {
	return Object.assign(new Error(message), { code });
}

test('the first cause comes first, and what it made of a long query after it', () => {
	const away = coded('connect ETIMEDOUT', 'ETIMEDOUT');
	const query = `select ${'`column`, '.repeat(50)}1`;
	const [line = '', frame] = pretty(new DrizzleQueryError(query, [], away)).split('\n');
	expect(line).toContain(
		'request failed  error="connect ETIMEDOUT"  in="failed query: select `col',
	);
	expect(line).toMatch(/…"$/);
	expect(line.length).toBeLessThan(300);
	expect(frame).toMatch(/^ {4}at /);
});

test('a code that the message does not hold is shown, and of several tries one', () => {
	const tries = [coded('connect ECONNREFUSED ::1:3306', 'ECONNREFUSED'), new Error('another')];
	expect(pretty(new AggregateError(tries))).toContain('error="connect ECONNREFUSED ::1:3306"');
	expect(pretty(coded('lost', 'PROTOCOL'))).toContain('error="lost (PROTOCOL)"');
	expect(pretty('only words')).toContain('error="only words"');
});
