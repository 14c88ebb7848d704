import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedact } from '../../domain/redact.ts';
import type { FetchedSource } from '../../domain/source.ts';
import { asked, contract, notVerified } from '../../test/harness/sourcify-contract.ts';
import { UpstreamFailure } from '../failure.ts';
import { canonicalJson, isObject } from '../reading/values.ts';
import { failureOf } from '../refusal.ts';
import { readAnswer } from './answer.ts';
import { readContract } from './contract.ts';

/** What the client makes of a body, without the network. */
function outcomeOf(body: string, status = 200): FetchedSource | UpstreamFailure {
	try {
		const reading = readAnswer({ status, headers: new Headers(), body }, asked.key);
		if ('contract' in reading) return readContract(reading.contract, asked);
		throw failureOf(reading.refusal, 'Sourcify', createRedact([]));
	} catch (error) {
		if (error instanceof UpstreamFailure) return error;
		throw error;
	}
}
const nameOf = (outcome: ReturnType<typeof outcomeOf>) =>
	outcome instanceof UpstreamFailure ? outcome.class : 'a source';

const oddNames = ['__proto__', 'constructor', 'toString', 'valueOf', 'length', 'then', '', '0'];
const value = fc.letrec((tie) => ({
	any: fc.oneof(
		{ maxDepth: 4 },
		fc.constantFrom(null, true, 0, -1, 1e300, '', 'match', '0x', contract.address, 'a.sol:A'),
		fc.string({ unit: 'binary', maxLength: 20 }),
		fc.array(tie('any'), { maxLength: 3 }),
		fc.dictionary(fc.oneof(fc.constantFrom(...oddNames), fc.string()), tie('any'), { maxKeys: 3 }),
	),
})).any;
const status = fc.constantFrom(200, 200, 400, 404, 404, 429, 500, 302);

/** A contract in which something, however deep, is something else. */
function changed(json: unknown, path: readonly number[], replacement: unknown): unknown {
	const [first, ...rest] = path;
	if (first === undefined || typeof json !== 'object' || json === null) return replacement;
	const entries = Object.entries(json);
	const at = entries[first % Math.max(1, entries.length)]?.[0];
	if (at === undefined) return replacement;
	const list = entries.map(([key, inner]) => [
		key,
		key === at ? changed(inner, rest, replacement) : inner,
	]);
	return Array.isArray(json) ? list.map(([, inner]) => inner) : Object.fromEntries(list);
}

test('any text is a source or a failure that is understood, and never "not verified"', () => {
	const text = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.json(),
		value.map((v) => JSON.stringify(v)),
	);
	fc.assert(
		fc.property(text, status, (body, code) => {
			const name = nameOf(outcomeOf(body, code));
			if (name === 'UNVERIFIED') expect(JSON.parse(body)).toMatchObject({ match: null });
			expect(name).not.toBe('a source');
		}),
		{ numRuns: 500 },
	);
});

test('a contract changed anywhere is a source or a failure that is understood', () => {
	const path = fc.array(fc.nat(20), { maxLength: 6 });
	fc.assert(
		fc.property(path, value, status, (at, replacement, code) => {
			const body = JSON.stringify(changed(contract, at, replacement)) ?? '';
			expect(nameOf(outcomeOf(body, code))).not.toBe('UNVERIFIED');
		}),
		{ numRuns: 2_000 },
	);
});

test('a contract cut anywhere is worth another try', () => {
	const whole = JSON.stringify(contract);
	fc.assert(
		fc.property(fc.nat(whole.length - 1), (length) => {
			expect(nameOf(outcomeOf(whole.slice(0, length)))).toBe('TRANSIENT');
		}),
	);
});

test('only a body of nulls with HTTP 404 says that a contract is not verified', () => {
	const field = fc.oneof(fc.constantFrom('match', 'abi', 'customCode', ...oddNames), fc.string());
	fc.assert(
		fc.property(field, value, status, (name, replacement, code) => {
			const body = { ...notVerified, ...Object.fromEntries([[name, replacement]]) };
			const isKey = ['address', 'chainId'].includes(name);
			const nulls = !isKey && replacement === null;
			if (isKey) return;
			const expected = nulls && code === 404;
			expect(nameOf(outcomeOf(JSON.stringify(body), code)) === 'UNVERIFIED').toBe(expected);
		}),
	);
});

const path = fc.oneof(
	fc.constantFrom(...oddNames, '../../x.sol', '/a.sol', 'C:\\a.sol', 'a\nb', 'A.sol', 'a.sol'),
	fc.string({ unit: 'binary' }),
);
const content = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 200 }),
	fc.constantFrom('', '\uFEFF', '\r\n', '\ud800', '\u200b\u202e', 'contract C {}'),
);
const files = fc.uniqueArray(fc.tuple(path, content), {
	selector: ([name]) => name,
	minLength: 1,
	maxLength: 8,
});

test.each([
	['stdJsonInput', (sources: object) => ({ stdJsonInput: { ...contract.stdJsonInput, sources } })],
	['sources', (sources: object) => ({ stdJsonInput: null, sources })],
])('any files in %s come out exactly, with their size and hash', (_where, put) => {
	fc.assert(
		fc.property(files, (list) => {
			const sources = Object.fromEntries(list.map(([name, text]) => [name, { content: text }]));
			const outcome = outcomeOf(JSON.stringify({ ...contract, ...put(sources) }));
			if (outcome instanceof UpstreamFailure) throw outcome;
			const { description, standardJson } = outcome;
			const read = Object.entries(standardJson.sources).map(([name, file]) => [name, file.content]);
			expect(new Map(read as [string, string][])).toEqual(new Map(list));
			expect(description.fileCount).toBe(list.length);
			const bytes = list.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
			expect(description.size).toBe(bytes);
			const hash = createHash('sha256').update(canonicalJson(standardJson)).digest('hex');
			expect(description.hash).toBe(hash);
			expect(isObject(standardJson.settings)).toBe(true);
		}),
	);
});
