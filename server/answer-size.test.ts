import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../domain/errors.ts';
import { bytesOf, createAnswerBound } from './answer-size.ts';
import { heavyBytes } from './turns.ts';

describe('the size of an answer', () => {
	const withoutEscapes = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '🙂', ' ') });
	const { tree } = fc.letrec((tie) => ({
		tree: fc.oneof(
			withoutEscapes,
			fc.integer(),
			fc.constant(null),
			fc.array(tie('tree')),
			fc.dictionary(fc.constantFrom('a', 'name'), tie('tree')),
		),
	}));

	test('is what its JSON takes, give or take what numbers take', () => {
		fc.assert(
			fc.property(tree, (value) => {
				const text = JSON.stringify(value);
				const leaves = text.split(/[[,:{]/).length;
				const difference = Math.abs(bytesOf(value, Infinity) - Buffer.byteLength(text));
				expect(difference).toBeLessThanOrEqual(12 * leaves);
			}),
		);
	});

	test('is not looked at further than the bound', () => {
		const looked: number[] = [];
		const parts = Array.from({ length: 100 }, (_, index) =>
			Object.defineProperty({}, 'text', {
				enumerable: true,
				get: () => {
					looked.push(index);
					return 'x'.repeat(1_000);
				},
			}),
		);
		expect(bytesOf(parts, 5_000)).toBeGreaterThan(5_000);
		expect(looked).toHaveLength(5);
	});
});

test('an answer within the bound is handed on as it is, one above it is refused with no data, a long one waits for its turn', async () => {
	const most = 2 * heavyBytes;
	const bound = createAnswerBound(most);
	let turns = 0;
	const takeTurn = async () => {
		turns += 1;
	};
	const textOf = (length: number) => ({ data: { text: 'x'.repeat(length) } });
	const short = textOf(50);
	expect(bound(short, takeTurn)).toBe(short);
	const refused = await bound(textOf(most + 1), takeTurn);
	expect(refused.data).toBeNull();
	expect(refused.errors?.[0]?.message).toMatch(/longer than \d+ bytes.*zipUrl/);
	expect(turns).toBe(0);
	const long = textOf(heavyBytes + 1);
	await expect(bound(long, takeTurn)).resolves.toBe(long);
	expect(turns).toBe(1);
	const full = async () => {
		throw new DomainError('TOO_BUSY', 'full');
	};
	const busy = await bound(long, full);
	expect(busy).toMatchObject({ data: null, errors: [{ originalError: { code: 'TOO_BUSY' } }] });
});
