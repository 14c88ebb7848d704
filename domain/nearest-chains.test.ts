import { describe, expect, test } from 'vitest';
import { editDistance, nearestChains } from './nearest-chains.ts';

const served = [
	1, 10, 56, 97, 100, 130, 137, 146, 8453, 42161, 59141, 80002, 80069, 80094, 84532, 421614,
	11155111, 11155420,
].map((id) => ({ id }));

function nearest(id: number): number[] {
	return nearestChains(id, served).map((chain) => chain.id);
}

test.each([
	['a wrong digit', 11155112, 11155111],
	['a digit too few', 1115511, 11155111],
	['a digit too many', 84533, 84532],
	['two digits swapped', 173, 137],
	['a first digit lost', 2161, 42161],
	['a minus', -1, 1],
	['the digits of 0x89', 89, 137],
	['the digits of 0x64', 64, 100],
	['Goerli', 5, 11155111],
	['OP Goerli', 420, 11155420],
	['Mumbai', 80001, 80002],
	['Base Goerli', 84531, 84532],
	['Arbitrum Goerli', 421613, 421614],
	['Linea Goerli', 59140, 59141],
	['Berachain bArtio', 80084, 80069],
	['Fantom, which is Sonic now', 250, 146],
])('of the chains nearest to %s, %i, the first is %i', (_, asked, first) => {
	expect(nearest(asked)[0]).toBe(first);
});

test('three are named, as the test network of a chain may be meant as well', () => {
	expect(nearest(8454).slice(0, 2)).toEqual([8453, 84532]);
	expect(nearest(84530).slice(0, 2)).toEqual([84532, 8453]);
	expect(nearest(999999999)).toHaveLength(3);
});

test('all are named where there are fewer than three', () => {
	expect(nearestChains(7, [{ id: 1 }])).toEqual([{ id: 1 }]);
	expect(nearestChains(7, [])).toEqual([]);
});

describe('the edit distance', () => {
	test.each([
		['', '', 0],
		['', '12', 2],
		['12', '', 2],
		['123', '123', 0],
		['123', '124', 1],
		['123', '132', 1],
		['123', '1123', 1],
		['123', '13', 1],
		['123', '321', 2],
		['1234', '2143', 2],
		['12', '345', 3],
	])('from %j to %j is %i, both ways', (from, to, distance) => {
		expect(editDistance(from, to)).toBe(distance);
		expect(editDistance(to, from)).toBe(distance);
	});
});
