import { expect, test } from 'vitest';
import { readSimulationFlags } from './flags.ts';

test('a peak is given by its numbers', () => {
	const flags = readSimulationFlags(['--per-second', '1000', '--answer', '50', '--check']);
	expect(flags).toMatchObject({ perSecond: 1_000, answerMs: [50, 50], workers: 2, check: true });
});

test.each([
	['--workers', '0', 'a whole number from 1'],
	['--answer', '400-100', 'too low'],
	['--failures', '1', 'a share from 0 up to 1'],
	['--per-second', 'x', 'a number above 0'],
])('%s %s is refused, with the usage', (flag, value, message) => {
	expect(() => readSimulationFlags([flag, value])).toThrow(message);
	expect(() => readSimulationFlags([flag, value])).toThrow('npm run simulate --');
});
