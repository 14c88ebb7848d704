import { type AbiEvent, type AbiFunction, toEventSelector, toFunctionSelector } from 'viem';
import { expect, test } from 'vitest';
import { described, readAbi, signature } from './abi.ts';

const order = {
	name: 'order',
	type: 'tuple[2][]',
	components: [
		{ name: 'maker', type: 'address' },
		{ name: 'items', type: 'tuple[]', components: [{ name: 'id', type: 'uint256' }] },
	],
};
const fill = {
	type: 'function',
	name: 'fill',
	stateMutability: 'payable',
	inputs: [order, { name: 'to', type: 'address' }],
	outputs: [{ name: '', type: 'bool' }],
} as const satisfies AbiFunction;
const filled = {
	type: 'event',
	name: 'Filled',
	inputs: [{ name: 'by', type: 'address', indexed: true }, order],
} as const satisfies AbiEvent;

test('selectors and topics are those of the specification, tuples included', () => {
	const [first, second] = readAbi([fill, filled]);
	expect(first?.selector).toBe(toFunctionSelector(fill));
	expect(second?.selector).toBe(toEventSelector(filled));
	expect(readAbi([{ ...fill, type: 'error' }])[0]?.selector).toBe(toFunctionSelector(fill));
});

test('a signature is what is hashed, a description what is read', () => {
	const [item] = readAbi([filled]);
	if (!item) throw new Error('nothing read');
	expect(signature(item)).toBe('Filled(address,(address,(uint256)[])[2][])');
	expect(described(item.inputs)).toMatch(/^address indexed by, /);
});

test('old compilers wrote flags, and no type for functions', () => {
	const [read, paid, plain] = readAbi([
		{ name: 'a', constant: true },
		{ type: 'function', name: 'b', payable: true },
		{ type: 'function', name: 'c' },
	]);
	expect([read, paid, plain].map((item) => item?.mutability)).toEqual([
		'view',
		'payable',
		'nonpayable',
	]);
});

test('what is no ABI holds nothing', () => {
	for (const abi of [null, 'abi', 7, {}, [null, 1, { type: 'struct' }]]) {
		expect(readAbi(abi)).toEqual([]);
	}
});
