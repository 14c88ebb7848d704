import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UpstreamFailure } from '../failure.ts';
import { readChainList } from './chain-list.ts';

const text = fc.string({ unit: 'binary', maxLength: 150 });
const id = fc.oneof(fc.integer().map(String), fc.nat({ max: 2 ** 32 }), text, fc.anything());
const explorer = fc.oneof(fc.webUrl({ withQueryParameters: true }), text, fc.anything());
const row = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ chainid: id, chainname: text, blockexplorer: explorer }) },
	fc.anything(),
);
const good = fc.record({
	chainid: fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(String),
	chainname: fc.string({ minLength: 1 }).map((name) => `Chain ${name}`),
	blockexplorer: fc.webUrl(),
	status: fc.integer({ min: 0, max: 2 }),
});

function outcome(body: string) {
	try {
		return readChainList(body);
	} catch (error) {
		if (!(error instanceof UpstreamFailure)) throw error;
		return null;
	}
}

test('whatever comes is a failure, or chains that can be served', () => {
	const list = fc.array(row, { maxLength: 8 }).map((result) => JSON.stringify({ result }));
	const body = fc.oneof({ weight: 5, arbitrary: list }, fc.json(), text);
	fc.assert(
		fc.property(body, (any) => {
			const chains = outcome(any) ?? [];
			expect(new Set(chains.map((chain) => chain.id)).size).toBe(chains.length);
			for (const { id, name, explorerUrl } of chains) {
				expect(Number.isInteger(id) && id > 0 && id < 2 ** 31).toBe(true);
				expect(name).toMatch(/^\S(.{0,98}\S)?$/u);
				expect(name.isWellFormed()).toBe(true);
				expect(explorerUrl ?? 'https://none').toMatch(/^https?:\/\/.*[^/]$/);
			}
		}),
		{ numRuns: 2_000 },
	);
});

test('a good list gives every id of it, in its order, and none when it is cut anywhere', () => {
	fc.assert(
		fc.property(fc.array(good, { minLength: 1, maxLength: 20 }), fc.nat(), (result, cut) => {
			const body = JSON.stringify({ comments: '', totalcount: result.length, result });
			const ids = [...new Set(result.map(({ chainid }) => Number(chainid)))];
			expect(outcome(body)?.map(({ id }) => id)).toEqual(ids);
			expect(outcome(body.slice(0, cut % body.length))).toBeNull();
		}),
	);
});
