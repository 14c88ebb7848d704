import { expect, test } from 'vitest';
import { drawFault, parseFaultMix } from './faults.ts';

test('a mix is read by name and probability', () => {
	expect(parseFaultMix('rate-limit=0.05, reset=0.1,')).toEqual({ 'rate-limit': 0.05, reset: 0.1 });
	expect(parseFaultMix('')).toEqual({});
});

test.each([
	['gremlins=0.1', /fault "gremlins" is none of: rate-limit, /],
	['reset', /fault reset: "" is not a probability/],
	['reset=2', /fault reset: "2" is not a probability/],
	['reset=-0.1', /not a probability/],
	['reset=0.6,hang=0.6', /add up to 1\.2/],
])('the mix %s is refused', (text, message) => {
	expect(() => parseFaultMix(text)).toThrow(message);
});

test('probabilities that fill 1 exactly are taken', () => {
	expect(() => parseFaultMix('reset=0.7,hang=0.2,slow=0.1')).not.toThrow();
});

test('the same seed corrupts the same calls, another seed others', () => {
	const mix = { reset: 0.2, hang: 0.1 };
	const draw = (seed: string) =>
		Array.from({ length: 1_000 }, (_, nth) => drawFault(mix, seed, '1:0xabc', nth));
	expect(draw('one')).toEqual(draw('one'));
	expect(draw('one')).not.toEqual(draw('two'));
	const resets = draw('one').filter((fault) => fault === 'reset').length;
	expect(resets).toBeGreaterThan(150);
	expect(resets).toBeLessThan(250);
});
