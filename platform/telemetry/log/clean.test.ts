import { DrizzleQueryError } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { createRedact } from '../../../domain/redact.ts';
import { createClean, errorFacts } from './clean.ts';

const clean = createClean(createRedact(['known-secret']));
const url = 'https://api.etherscan.io/v2/api?chainid=1&apikey=hunter2';

describe('no secret is left', () => {
	test.each([
		['under its name, however deep', { a: [{ b: { headers: { 'X-API-Key': 'hunter2' } } }] }],
		['under its name, whatever it is', { token: { value: 'hunter2' }, apiKeys: ['hunter2'] }],
		['in a text', { url, said: `asked ${url} with Bearer hunter2` }],
		['in a URL', { url: new URL('amqp://u:hunter2@mq') }],
		['in a map and a set', { m: new Map([['cookie', 'hunter2']]), s: new Set([url]) }],
		['in an error', { error: new Error(`asked ${url}`) }],
		['in its facts', { error: errorFacts(new Error(`asked ${url}`)) }],
		['in its cause', { error: new Error('x', { cause: new Error(`asked ${url}`) }) }],
		['in the errors of one', { error: new AggregateError([new Error('x'), new Error(url)]) }],
		['in the reason of one that is none', { error: errorFacts(`asked ${url}`) }],
		['in a stack', { error: { stack: `Error: ${url}\n    at ${url}` } }],
		['that is known, in a name', { 'a hunter2 known-secret': 1, 'x?key=hunter2': 2 }],
		['at the end of a text that is cut', { text: `${'x'.repeat(3_990)} known-secret` }],
	])('%s', (_where, facts) => {
		const line = JSON.stringify(clean(facts)).replace('a hunter2', '');
		expect(line).not.toMatch(/hunter2|known-|-secret/);
		expect(line).toMatch(/\[redact/);
	});

	test('nor are the values of a query, which may be whole sources', () => {
		const error = new DrizzleQueryError('select ?', ['hunter2'], new Error('gone away'));
		const facts = JSON.stringify(clean({ error }));
		expect(facts).not.toContain('hunter2');
		expect(facts).toContain('gone away');
	});
});

test('what is no secret stays', () => {
	const facts = { chainId: 1, address: '0xabc', ok: true, none: null, ms: 1.5, list: ['a', 2] };
	expect(clean(facts)).toEqual(facts);
	expect(clean({ at: new Date(0), big: 10n, token: null })).toEqual({
		...{ at: '1970-01-01T00:00:00.000Z', big: '10', token: null },
	});
});

describe('a line always ends', () => {
	const circular: Record<string, unknown> = {};
	circular['self'] = circular;
	const cause = new Error('round');
	cause.cause = cause;
	const wide = Object.fromEntries(
		Array.from({ length: 5_000 }, (_, n) => [`f${n}`, 'x'.repeat(500)]),
	);
	const tree = (depth: number): unknown =>
		depth === 0 ? 'leaf' : Array.from({ length: 6 }, () => tree(depth - 1));
	const hostile = {
		get trap() {
			throw new Error('trap');
		},
	};
	test.each([
		['that holds itself', circular],
		['whose error is its own cause', { cause }],
		['with very many fields', wide],
		['with very many values', { tree: tree(6) }],
		['with a long text', { text: 'x'.repeat(1_000_000) }],
		['with a buffer', { body: Buffer.alloc(1_000_000) }],
		['whose fields throw', hostile],
		['with a function and a symbol', { f: () => 1, s: Symbol('s'), u: undefined }],
		['with a date that is none', { at: new Date(Number.NaN) }],
	])('%s', (_what, facts) => {
		expect(JSON.stringify(clean(facts)).length).toBeLessThan(100_000);
	});
});
