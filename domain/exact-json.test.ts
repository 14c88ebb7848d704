import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExactNumber, parseJsonExactly } from './exact-json.ts';

test.each([
	'{"a":9007199254740993}',
	'[-9007199254740993,123456789012345678901234567890]',
	'{"a":{"b":[1,18446744073709551615]}}',
	'[1e400,-1e400]',
	'1152921504606846977',
])('%s is written again as it came', (text) => {
	expect(JSON.stringify(parseJsonExactly(text))).toBe(text);
});

test.each([
	'[9007199254740991]',
	'{"runs":4294967295}',
	'[0.1,1.5e3,1E2]',
	'"12345678901234567890"',
])('%s is what it always was', (text) => {
	expect(parseJsonExactly(text)).toEqual(JSON.parse(text));
});

test('any other JSON is read as ever, also where its texts look like long numbers', () => {
	const value = fc.oneof(
		fc.jsonValue(),
		fc.record({ 'a:12345678901234567890': fc.constant('[12345678901234567890') }),
	);
	fc.assert(
		fc.property(value, (value) => {
			const text = JSON.stringify(value);
			expect(JSON.stringify(parseJsonExactly(text))).toBe(JSON.stringify(JSON.parse(text)));
		}),
	);
});

test('what is no JSON throws as ever', () => {
	expect(() => parseJsonExactly('[12345678901234567890')).toThrow(SyntaxError);
	expect(() => parseJsonExactly('{')).toThrow(SyntaxError);
});

test('an exact number is told from an object', () => {
	expect(isExactNumber(parseJsonExactly('12345678901234567890'))).toBe(true);
	expect(parseJsonExactly('[12345678901234567890]')).toSatisfy(([one]) => isExactNumber(one));
	expect([{}, { rawJSON: '1' }, null, 7].some(isExactNumber)).toBe(false);
});
