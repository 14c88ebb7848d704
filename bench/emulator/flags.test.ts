import { expect, test } from 'vitest';
import { readFlags } from './flags.ts';

test('all flags are read', () => {
	const flags = '--port 1 --host ::1 --latency 5-9 --rate 3 --daily 9 --keys a,b --seed s';
	expect(readFlags([...flags.split(' '), '--faults', 'hang=1', '--slowness', '7'])).toEqual({
		port: 1,
		host: '::1',
		latency: [5, 9],
		rate: 3,
		daily: 9,
		keys: ['a', 'b'],
		faults: { hang: 1 },
		seed: 's',
		slowness: 7,
	});
	expect(readFlags(['--latency', '20'])).toMatchObject({ latency: 20 });
	expect(readFlags(['--help'])).toBe('help');
});

test.each([
	['--rate', 'many', '--rate: "many" is not a whole number'],
	['--latency', '9-5', '--latency: "9-5" is neither milliseconds nor MIN-MAX'],
	['--colour', 'red', "Unknown option '--colour'"],
])('%s %s is refused', (flag, value, message) => {
	expect(() => readFlags([flag, value])).toThrow(message);
});
