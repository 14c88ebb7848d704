import { expect, test } from 'vitest';
import { comparisonNames, readFlags } from './flags.ts';

test('everything is measured when nothing is said', () => {
	expect(readFlags([])).toEqual({
		...{ pairs: 5, seconds: 4, quick: false, only: comparisonNames, sink: 'well' },
	});
});

test('--quick is short, and a number given beside it counts', () => {
	expect(readFlags(['--quick', '--pairs', '3'])).toMatchObject({ pairs: 3, seconds: 1 });
});

test('--only takes several', () => {
	expect(readFlags(['--only', 'cached,submit']).only).toEqual(['cached', 'submit']);
});

test.each([
	['--only', 'cache', '"cache" is no comparison'],
	['--pairs', '0', 'a whole number from 1 is expected'],
	['--seconds', 'x', 'a whole number from 1 is expected'],
	['--sink', 'off', 'one of well, hang, 429'],
])('%s %s is refused, with the usage', (flag, value, message) => {
	expect(() => readFlags([flag, value])).toThrow(message);
	expect(() => readFlags([flag, value])).toThrow('npm run bench --');
});
