import { expect, test } from 'vitest';
import { type Figure, figureOf } from './figure.ts';
import { plotOf } from './plot.ts';

const figure = (better: Figure['better'], ours: number) =>
	figureOf({ comparison: 'lone', title: 'a < b', unit: 'ms', better }, [
		{ name: 'Verifeed', samples: [{ value: ours, cpu: null }] },
		{ name: 'FastAPI', samples: [{ value: 10, cpu: null }] },
	]);

test('a plot names every peer, and says how many times as good ours is', () => {
	const drawn = plotOf('Ratios', [figure('higher', 20)]);
	expect(drawn).toContain('>FastAPI<');
	expect(drawn).toContain('>2.00 x<');
	expect(drawn).toContain('<title>Ratios</title>');
});

test('half of what is better when it is less is twice as good', () => {
	expect(plotOf('Ratios', [figure('lower', 5)])).toContain('>2.00 x<');
});

test('what a title holds is no markup', () => {
	expect(plotOf('Ratios', [figure('higher', 20)])).toContain('a &lt; b');
});
