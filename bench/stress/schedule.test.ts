import { expect, test } from 'vitest';
import { addressOf, hotAddresses, kinds, offered, ratesOf, schedule } from './schedule.ts';

const rates = ratesOf(100);
const clients = 3;
const dues = Array.from({ length: clients }, (_, client) => [
	...schedule(rates, 2, { client, clients }),
]);

test('the clients together do everything once, each in the order in which it is due', () => {
	for (const one of dues)
		expect(one.map(({ at }) => at)).toEqual(one.map(({ at }) => at).sort((a, b) => a - b));
	for (const kind of kinds) {
		const numbers = dues.flatMap((one) => one.filter((due) => due.kind === kind).map(({ n }) => n));
		const count = offered(rates, 2, kind);
		expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
	}
});

test('each kind has an even pace within the time', () => {
	for (const { kind, n, at } of dues.flat()) {
		expect(Math.floor(at * rates[kind] + 1e-9)).toBe(n);
		expect(at).toBeLessThan(2);
	}
});

test('addresses are addresses, and differ', () => {
	const all = [...hotAddresses, ...Array.from({ length: 1_000 }, (_, n) => addressOf('new', n))];
	for (const address of all) expect(address).toMatch(/^0x57e55[0-9a-f]{35}$/);
	expect(new Set(all).size).toBe(all.length);
});
