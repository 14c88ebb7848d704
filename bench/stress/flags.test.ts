import { expect, test } from 'vitest';
import { readFlags } from './flags.ts';

test('each rate is tried without and with a warm-up, unless one of them is asked for', () => {
	const { loads, workers, settings } = readFlags([]);
	expect(loads.map(({ rate, cache }) => `${rate} ${cache}`)).toEqual([
		...['100 cold', '100 warm', '1000 cold', '1000 warm'],
	]);
	expect([loads[0]?.seconds, loads[0]?.clients, workers, settings]).toEqual([60, 4, 2, {}]);
	const warm = readFlags(['--rates', '20', '--warm', '--seconds', '3', '--set', 'A_B=c=d']);
	expect(warm).toMatchObject({
		loads: [{ rate: 20, cache: 'warm', seconds: 3 }],
		settings: { A_B: 'c=d' },
	});
});

test('what is no number, setting or flag is refused with the usage', () => {
	const wrong = [['--rates', '100,x'], ['--workers', '0'], ['--set', 'x'], ['--fast']];
	for (const args of wrong) expect(() => readFlags(args)).toThrow('npm run stress');
});
