import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceError } from '../../domain/errors.ts';
import { limits, verified } from '../../test/harness/blockscout-contract.ts';
import { UpstreamFailure } from '../failure.ts';
import { readAnswer } from './answer.ts';
import { readContract } from './contract.ts';

function outcome(status: number, body: string): string {
	const reading = readAnswer({ status, headers: new Headers(), body });
	if ('refusal' in reading) return reading.refusal.class;
	try {
		return readContract(reading.contract, limits) ? 'source' : 'not verified';
	} catch (error) {
		if (!(error instanceof UpstreamFailure || error instanceof SourceError)) throw error;
		return error.code;
	}
}

const field = fc.constantFrom(...Object.keys(verified));
const odd = fc.oneof(
	fc.jsonValue({ maxDepth: 3 }),
	fc.constantFrom({ toString: 1 }, { runs: { valueOf: null } }, [[]], { optimizer: { runs: {} } }),
);
const status = fc.constantFrom(200, 200, 200, 404, 429, 500);

test('any text as body gives a source, "not verified" or a failure', () => {
	const body = fc.oneof(fc.json(), fc.string({ unit: 'binary' }));
	fc.assert(
		fc.property(status, body, (code, text) => {
			expect(outcome(code, text)).toMatch(/^[A-Z_]+$/);
		}),
	);
});

test('any JSON in any field does so too', () => {
	fc.assert(
		fc.property(fc.dictionary(field, odd), (changes) => {
			expect(outcome(200, JSON.stringify({ ...verified, ...changes }))).toMatch(/./);
		}),
		{ numRuns: 1_000 },
	);
});

test('settings and an ABI that are nested deep do so too', () => {
	const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
	const json = JSON.stringify({ ...verified, abi: '@', compiler_settings: '#' });
	expect(outcome(200, json.replace('"@"', deep))).toBe('MALFORMED_RESPONSE');
	expect(outcome(200, json.replace('"#"', `{"x":${deep}}`))).toBe('MALFORMED_RESPONSE');
});

test('any files come out exactly as they went in', () => {
	const text = fc.string({ unit: 'binary' });
	const content = fc.oneof(text, fc.constantFrom('\uFEFFx', '\r\n', '\ud800', '\u200B'));
	const path = fc.oneof(text, fc.constantFrom('__proto__', '../x', 'C:\\x', 'A.sol', 'a.sol', ' '));
	const pairs = fc.uniqueArray(fc.tuple(path, content), { selector: ([name]) => name });
	fc.assert(
		fc.property(pairs, text, (list, tail) => {
			const main = `contract ${tail}`;
			const others = list.filter(([name]) => name !== 'main.sol');
			const body = JSON.stringify({
				...verified,
				file_path: 'main.sol',
				source_code: main,
				additional_sources: others.map(([file_path, source_code]) => ({ file_path, source_code })),
			});
			const source = readContract(JSON.parse(body), limits);
			const read = Object.entries(source?.standardJson.sources ?? {}).map(
				([name, file]): [string, string] => [name, file.content],
			);
			expect(new Map(read)).toEqual(new Map([...others, ['main.sol', main]]));
		}),
	);
});
