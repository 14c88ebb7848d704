import { expect, test } from 'vitest';
import { type Figure, figureOf } from './figure.ts';
import { shiftLines, shiftsSince } from './former.ts';
import type { Report } from './report.ts';

/** A figure whose ratios to its one peer are these. */
function withRatios(ratios: readonly number[], better: Figure['better'] = 'higher'): Figure {
	const subject = { comparison: 'cached', title: 'a read', unit: 'requests a second', better };
	const samples = (values: readonly number[]) => values.map((value) => ({ value, cpu: null }));
	return figureOf(subject, [
		{ name: 'Verifeed', samples: samples(ratios.map((ratio) => ratio * 100)) },
		{ name: 'FastAPI', samples: samples(ratios.map(() => 100)) },
	]);
}

const before = [withRatios([0.9, 1, 1.1])];

test('a ratio that fell by more than both are spread is worse', () => {
	const [shift] = shiftsSince(before, [withRatios([0.5, 0.6, 0.7])]);
	expect(shift).toMatchObject({ title: 'a read', peer: 'FastAPI', worse: true });
	expect(shift?.before).toBeCloseTo(1);
	expect(shift?.now).toBeCloseTo(0.6);
});

test('one that rose is better, and the other way round where less is better', () => {
	expect(shiftsSince(before, [withRatios([2, 2.1, 2.2])])[0]?.worse).toBe(false);
	const less = [withRatios([0.9, 1, 1.1], 'lower')];
	expect(shiftsSince(less, [withRatios([2, 2.1, 2.2], 'lower')])[0]?.worse).toBe(true);
});

test('what lies within the spread of either is no shift', () => {
	expect(shiftsSince(before, [withRatios([0.85, 0.95, 1.05])])).toEqual([]);
	expect(shiftsSince(before, [withRatios([0.1, 0.5, 0.95])])).toEqual([]);
});

test('a figure or a peer that was not there before is not compared', () => {
	expect(shiftsSince([], [withRatios([1])])).toEqual([]);
	expect(shiftsSince([{ ...withRatios([1]), peers: [] }], [withRatios([0.1])])).toEqual([]);
});

test('the lines name the report that is compared with', () => {
	const former = { at: '2026-11-30T10:00:00.000Z', commit: 'abc', figures: before } as Report;
	expect(shiftLines(former, [withRatios([0.5, 0.6, 0.7])])).toEqual([
		'Worse since 2026-11-30 (abc):',
		'- a read: 0.60 x FastAPI, was 1.00',
	]);
	expect(shiftLines(former, before)).toEqual([
		'No ratio is apart from what it was since 2026-11-30 (abc).',
	]);
	expect(shiftLines(undefined, before)).toEqual(['There is no former report to compare with.']);
});
