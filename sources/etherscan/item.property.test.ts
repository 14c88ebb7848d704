import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceError } from '../../domain/errors.ts';
import { readItem } from './item.ts';
import { itemLimits, plainItem } from './item-fixture.ts';

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
