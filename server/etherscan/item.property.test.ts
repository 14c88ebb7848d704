import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceError } from '../../domain/errors.ts';
import { readItem } from '../../sources/etherscan/item.ts';
import { itemLimits, plainItem } from '../../test/harness/etherscan-item.ts';
import { toItem } from './item.ts';

const text = fc.string({ unit: 'binary' });
const files = fc.dictionary(
	text,
	fc.record({ content: fc.oneof(text, fc.json({ maxDepth: 2 })) }),
	{
		minKeys: 1,
		noNullPrototype: true,
	},
);
const settings = fc.dictionary(
	fc.constantFrom('optimizer', 'evmVersion', 'libraries', 'remappings', 'viaIR', 'x'),
	fc.jsonValue({ maxDepth: 3 }),
	{ noNullPrototype: true },
);
const language = fc.constantFrom('Solidity', 'Vyper', 'Yul');
const sourceCode = fc.oneof(
	text,
	fc.json({ maxDepth: 3 }),
	files.map((sources) => JSON.stringify(sources)),
	fc
		.record({ language, sources: files, settings })
		.map((standard) => `{${JSON.stringify(standard)}}`),
);
const item = fc.record(
	{
		SourceCode: sourceCode,
		ContractName: fc.oneof(fc.constantFrom('Token', 'a/B.sol:B', 'My Token', ''), text),
		ContractFileName: fc.oneof(fc.constantFrom('', 'a.sol', 'a/B.sol:B', '/C:/x.sol'), text),
		CompilerVersion: fc.constantFrom('v0.8.17+commit.8df45f5f', 'vyper:0.3.10', ''),
		OptimizationUsed: fc.constantFrom('0', '1', ''),
		Runs: fc.constantFrom('0', '200', '4294967295', ''),
		EVMVersion: fc.constantFrom('Default', 'paris', ''),
		Library: fc.constantFrom('', `L:${'a'.repeat(40)};b/M.sol:M:0x${'b'.repeat(40)}`),
	},
	{ requiredKeys: ['SourceCode'] },
);

function read(value: unknown) {
	try {
		return readItem(value, itemLimits);
	} catch (error) {
		if (error instanceof SourceError) return null;
		throw error;
	}
}

test('whatever our reader takes, it takes again from what we write: the same files and settings', () => {
	fc.assert(
		fc.property(item, (given) => {
			const first = read({ ...plainItem, ...given });
			fc.pre(first !== null);
			const { description, standardJson, abi } = first;
			const written = toItem({ ...description, fetchedAt: new Date(0) }, standardJson, abi);
			const second = readItem(written, itemLimits);
			expect(second?.standardJson).toEqual(standardJson);
			expect(second?.description.hash).toBe(description.hash);
			expect(second?.description.abiHash).toBe(description.abiHash);
			for (const value of Object.values(written)) expect(value).toBeTypeOf('string');
		}),
		{ numRuns: 500 },
	);
});
