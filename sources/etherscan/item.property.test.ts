import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceError } from '../../domain/errors.ts';
import { itemLimits, plainItem } from '../../test/harness/etherscan-item.ts';
import type { Files } from '../reading/files.ts';
import { readAnswer } from './answer.ts';
import { readItem } from './item.ts';

const limits = itemLimits;
const text = 'contract Token {}';

const plain = { ...plainItem, SourceCode: text };

describe('whatever comes', () => {
	const jsonText = fc.json({ maxDepth: 4 });
	const nested = fc
		.integer({ min: 1, max: 50_000 })
		.map((depth) => '['.repeat(depth) + ']'.repeat(depth));
	const code = fc.oneof(
		fc.string({ unit: 'binary' }),
		jsonText,
		jsonText.map((json) => `{${json}}`),
		fc.string().map((inner) => `{{${inner}}}`),
		nested.map((deep) => `{{"sources":{"a.sol":{"content":""}},"settings":{"x":${deep}}}}`),
		fc.json({ maxDepth: 3 }).map((json) => `{{"sources":${json},"settings":${json}}}`),
	);

	function outcome(item: unknown): string {
		try {
			return readItem(item, limits) ? 'source' : 'not verified';
		} catch (error) {
			if (!(error instanceof SourceError)) throw error;
			return error.code;
		}
	}

	test('as SourceCode gives a source or a SourceError', () => {
		fc.assert(
			fc.property(code, (SourceCode) => {
				const expected = SourceCode.trim() === '' ? /not verified/ : /source|MALFORMED_RESPONSE/;
				expect(outcome({ ...plain, SourceCode })).toMatch(expected);
			}),
			{ numRuns: 1_000 },
		);
	});

	const flavoured = [...Object.keys(plain), 'Address', 'FileName', 'AdditionalSources'].concat([
		'OptimizationRuns',
		'ExternalLibraries',
		'ImplementationAddress',
		'ImplementationAddresses',
		'CompilerSettings',
	]);
	const odd = fc.oneof(
		fc.jsonValue({ maxDepth: 3 }),
		fc.constantFrom({ toString: 1 }, { runs: { valueOf: 1 } }, { optimizer: { runs: {} } }, [[]]),
		fc.constantFrom('{"sources":{"toString":{"content":""}}}', {
			sources: { a: { content: 'x' } },
		}),
	);

	test('in a whole body does so too', () => {
		const fields = fc.dictionary(fc.constantFrom(...flavoured), odd);
		const result = fc.oneof(
			odd,
			fields.map((changes) => [{ ...plain, ...changes }]),
		);
		const json = fc.record({ status: odd, message: odd, result }, { requiredKeys: [] });
		const body = fc.oneof(
			json.map((value) => JSON.stringify(value)),
			fc.string({ unit: 'binary' }),
		);
		fc.assert(
			fc.property(fc.constantFrom(200, 200, 200, 404, 429, 500), body, (status, text) => {
				const reading = readAnswer({ status, headers: new Headers(), body: text });
				expect('item' in reading ? outcome(reading.item) : reading.refusal.class).toMatch(/./);
			}),
			{ numRuns: 1_000 },
		);
	});

	test('in any field, or as the whole item, does so too', () => {
		const field = fc.constantFrom(...Object.keys(plain));
		const item = fc.dictionary(field, fc.anything({ maxDepth: 2 }));
		fc.assert(
			fc.property(fc.oneof(item, fc.jsonValue()), (value) => {
				expect(outcome(value)).toMatch(/./);
			}),
		);
	});
});

describe('any files come out of a whole body exactly as they went in', () => {
	const text = fc.string({ unit: 'binary' });
	const content = fc.oneof(text, fc.constantFrom('\uFEFFx', '\r\n', '\ud800', '\u200B', '}}'));
	const path = fc.oneof(text, fc.constantFrom('__proto__', '../x', 'C:\\x', 'A.sol', 'a.sol', ' '));
	const pairs = fc.uniqueArray(fc.tuple(path, content), {
		selector: ([name]) => name,
		minLength: 1,
	});

	function filesFrom(item: object): [string, string][] {
		const body = JSON.stringify({ status: '1', message: 'OK', result: [item] });
		const reading = readAnswer({ status: 200, headers: new Headers(), body });
		if (!('item' in reading)) throw new Error(reading.refusal.class);
		const files: Files = readItem(reading.item, limits)?.standardJson.sources ?? {};
		return Object.entries(files).map(([name, file]) => [name, file.content]);
	}

	test('in standard JSON', () => {
		fc.assert(
			fc.property(pairs, (list) => {
				const sources = Object.fromEntries(list.map(([name, code]) => [name, { content: code }]));
				const SourceCode = `{${JSON.stringify({ language: 'Solidity', sources })}}`;
				expect(new Map(filesFrom({ ...plain, SourceCode }))).toEqual(new Map(list));
			}),
		);
	});

	test('in AdditionalSources beside a main file', () => {
		fc.assert(
			fc.property(pairs, text, (list, tail) => {
				const SourceCode = `contract ${tail}`;
				const others = list.filter(([name]) => name !== 'main.sol');
				const AdditionalSources = others.map(([Filename, code]) => ({
					Filename,
					SourceCode: code,
				}));
				const item = { ...plain, SourceCode, FileName: 'main.sol', AdditionalSources };
				expect(new Map(filesFrom(item))).toEqual(new Map([...others, ['main.sol', SourceCode]]));
			}),
		);
	});
});
