import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOrNull, checksummed, parseAddress } from './address.ts';
import { DomainError } from './errors.ts';

const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';

describe('parseAddress', () => {
	test.each([
		['checksummed', weth],
		['lower case', weth.toLowerCase()],
		['upper case digits', `0x${weth.slice(2).toUpperCase()}`],
		['upper case throughout', weth.toUpperCase()],
	])('reads an address in %s', (_, text) => {
		expect(parseAddress(text)).toBe(weth.toLowerCase());
		expect(checksummed(parseAddress(text))).toBe(weth);
	});

	test.each([
		['', /has to start with 0x/],
		[weth.slice(2), /has to start with 0x/],
		['vitalik.eth', /has to start with 0x/],
		['0x', /0 hex digits after 0x/],
		[weth.slice(0, -1), /39 hex digits/],
		[`${weth}0`, /41 hex digits/],
		[`0xg${weth.slice(3)}`, /"g" at position 3/],
		[` ${weth}`, /has to start with 0x/],
		[`${weth} `, /" " at position 43/],
		[weth.replace('aaA', 'aaa'), /EIP-55 checksum/],
		[`0x${'é'.repeat(40)}`, /"é" at position 3/],
		[`0x${'0'.repeat(10_000)}`, /10000 hex digits/],
	])('refuses %j with a sentence that says what to fix', (text, sentence) => {
		expect(() => parseAddress(text)).toThrow(sentence);
		expect(() => parseAddress(text)).toThrow(DomainError);
	});

	test('any text is either an address of 42 characters or a DomainError', () => {
		const text = fc.oneof(
			fc.string(),
			fc.string({ unit: 'binary' }).map((rest) => `0x${rest}`),
		);
		fc.assert(
			fc.property(text, (given) => {
				try {
					expect(parseAddress(given)).toMatch(/^0x[0-9a-f]{40}$/);
				} catch (error) {
					expect(error).toBeInstanceOf(DomainError);
				}
			}),
		);
	});
});

test('addressOrNull takes what upstreams write, with or without 0x', () => {
	expect(addressOrNull(weth.slice(2))).toBe(weth.toLowerCase());
	expect(addressOrNull(` ${weth} `)).toBe(weth.toLowerCase());
	for (const none of ['', '0x', null, undefined, 'none', `${weth}00`]) {
		expect(addressOrNull(none)).toBeNull();
	}
});
