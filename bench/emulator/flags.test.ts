import { expect, test } from 'vitest';
import { faultNames } from './faults.ts';
import { help, readFlags } from './flags.ts';

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

test('flags of another api stand behind its name', () => {
	const flags = '--sourcify-rate 2 --sourcify-faults chain=1 --blockscout-keys a --seed s';
	const sourcify = { rate: 2, faults: { chain: 1 }, catalogue: false };
	const blockscout = { keys: ['a'], faults: {}, catalogue: false };
	expect(readFlags(flags.split(' '))).toEqual({ faults: {}, seed: 's', sourcify, blockscout });
});

test('the catalogue is at the APIs that are named', () => {
	expect(readFlags(['--catalogue', 'sourcify,blockscout'])).toMatchObject({
		catalogue: false,
		sourcify: { catalogue: true },
		blockscout: { catalogue: true },
	});
	expect(readFlags([])).toEqual({ faults: {} });
});

test('the help names every flag and every fault', () => {
	for (const flag of ['port', 'catalogue', 'latency', 'keys']) expect(help).toContain(`--${flag} `);
	for (const name of faultNames) expect(help).toContain(name);
});

test.each([
	['--catalogue', 'etherchan', /"etherchan" is none of: etherscan, sourcify, blockscout/],
	['--sourcify-faults', 'plan=1', /sourcify has no fault "plan"; it has: rate-limit, /],
	['--blockscout-rate', 'many', '--blockscout-rate: "many" is not a whole number'],
	['--sourcify-keys', 'a', "Unknown option '--sourcify-keys'"],
	['--rate', 'many', '--rate: "many" is not a whole number'],
	['--latency', '9-5', '--latency: "9-5" is neither milliseconds nor MIN-MAX'],
	['--colour', 'red', "Unknown option '--colour'"],
])('%s %s is refused', (flag, value, message) => {
	expect(() => readFlags([flag, value])).toThrow(message);
});

test('a prefix of verified addresses is hex', () => {
	expect(readFlags(['--verified', '0x57e55'])).toMatchObject({ verified: '0x57e55' });
	expect(() => readFlags(['--verified', '57e55'])).toThrow('no beginning of an address');
});
