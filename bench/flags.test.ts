import { expect, test } from 'vitest';
import { apartNames, readFlags, usualNames } from './flags.ts';

test('what is usual is measured when nothing is said', () => {
	expect(readFlags([])).toEqual({
		...{ pairs: 5, seconds: 4, quick: false, only: usualNames, sink: 'well' },
		growth: { sizes: [10_000, 100_000], poolMb: 1_024, keep: false },
	});
});

test('--quick is short, and a number given beside it counts', () => {
	expect(readFlags(['--quick', '--pairs', '3'])).toMatchObject({ pairs: 3, seconds: 1 });
});

test.each(apartNames)('%s is measured only by its name', (name) => {
	expect(readFlags([]).only).not.toContain(name);
	expect(readFlags(['--only', name]).only).toEqual([name]);
});

test('--contracts takes thousands and millions', () => {
	const { sizes } = readFlags(['--contracts', '10k,1m,12345']).growth;
	expect(sizes).toEqual([10_000, 1_000_000, 12_345]);
});

test('--only takes several', () => {
	expect(readFlags(['--only', 'cached,submit']).only).toEqual(['cached', 'submit']);
});

test.each([
	['--only', 'cache', '"cache" is no comparison'],
	['--pairs', '0', 'a whole number from 1 is expected'],
	['--seconds', 'x', 'a whole number from 1 is expected'],
	['--contracts', '5k', 'sizes such as 10k,1m are expected'],
	['--contracts', '1g', 'sizes such as 10k,1m are expected'],
	['--pool-mb', '0', 'a whole number from 1 is expected'],
	['--sink', 'off', 'one of well, hang, 429'],
])('%s %s is refused, with the usage', (flag, value, message) => {
	expect(() => readFlags([flag, value])).toThrow(message);
	expect(() => readFlags([flag, value])).toThrow('npm run bench --');
});
