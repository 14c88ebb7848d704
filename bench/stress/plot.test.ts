import { expect, test } from 'vitest';
import { decades, plotOf, steps } from './plot.ts';

test('the ticks of an axis are round, and enclose the values', () => {
	expect(steps(1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
	expect(steps(60)).toEqual([0, 20, 40, 60]);
	expect(steps(3_040)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
	expect(decades([])).toEqual([1, 10]);
	expect(decades([0.4, 45_000])).toEqual([0.1, 1, 10, 100, 1_000, 10_000, 100_000]);
});

test('a line has a gap only in its values, and text is no markup', () => {
	const points = [
		[0, null],
		[1, 0.5],
		[2, null],
		[4, 1],
	] as const;
	const svg = plotOf({
		title: 'a < b & c',
		unit: 'share',
		most: 1,
		series: [{ name: 'one', colour: '#123456', dashed: true, points }],
	});
	expect(svg).toContain('a &lt; b &amp; c');
	expect(svg).toContain('<path d="M212.5 187.0L640.0 44.0" fill="none" stroke="#123456"');
	expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test('a logarithmic axis takes a 0 for its lowest value', () => {
	const points = [
		[0, 0],
		[1, 10],
	] as const;
	const svg = plotOf({
		title: 't',
		unit: 'ms',
		logarithmic: true,
		series: [{ name: 'one', colour: '#123456', points }],
	});
	expect(svg).toContain('M70.0 330.0L640.0 44.0');
});
