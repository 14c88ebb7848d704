import { expect, test } from 'vitest';
import { root } from '../harness/process.ts';
import { judge } from './judge.ts';

test.each([
	[
		'an error that nobody masked',
		{ text: '{"errors":[{"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}' },
	],
	['an answer of 500', { status: 500, text: '' }],
	['a stack', { text: 'Error: x\n    at parse (file:///srv/app/server/http.ts:12:3)' }],
	[
		'a stack within JSON',
		{ text: JSON.stringify({ s: 'x\n    at Url (node:internal/url:806:5)' }) },
	],
	['a path of this machine', { text: `ENOENT ${root}/package.json` }],
	['the words of a driver', { text: 'ER_NO_SUCH_TABLE: no table' }],
])('%s is not let through', (_, answer) => {
	expect(() => judge(answer)).toThrow();
});

test('a refusal with what to fix is', () => {
	judge({ status: 400, text: '{"errors":[{"message":"the list ends at (1:12)"}]}' });
});
