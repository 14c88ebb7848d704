import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../platform/limit-settings.ts';
import { settings } from '../platform/settings.ts';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'docs/security.md'), 'utf8');
/** Of the table of limits: default, setting and test. */
const rows = [
	...text.matchAll(/^\| [^|]+ \| ([^|]+) \| `([A-Z_]+)` \| [^|]* \| `([^`]+)` \|$/gm),
].map(([, given = '', setting = '', file = '']) => ({ given, setting, file }));

test('every setting that limits clients is in the table, with its default', () => {
	const nothing = { MYSQL_URL: 'mysql://h/d', RABBITMQ_URL: 'amqp://h', REDIS_URL: 'redis://h' };
	const defaults: Record<string, unknown> = settings.parse(nothing);
	const named = Object.fromEntries(rows.map(({ setting, given }) => [setting, given]));
	const expected = Object.keys(limits).map((name) => {
		const value = defaults[name];
		return [name, Array.isArray(value) && value.length === 0 ? 'none' : String(value)];
	});
	expect(named).toEqual(Object.fromEntries(expected));
});

test.each(rows)('the test of $setting is there, and sets it', ({ setting, file }) => {
	expect(existsSync(join(root, file))).toBe(true);
	expect(readFileSync(join(root, file), 'utf8')).toMatch(new RegExp(`\\b${setting}\\b`));
});
