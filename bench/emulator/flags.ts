import { parseArgs } from 'node:util';
import type { EmulatorOptions } from './emulator.ts';
import { faultNames, parseFaultMix } from './faults.ts';

export const help = `Etherscan V2 (getsourcecode, getabi, chainlist) on this machine, with real contracts.

  --port N         port to listen on; 0, the default, takes a free one
  --host NAME      address to listen on (127.0.0.1)
  --latency MS     milliseconds before each answer, or MIN-MAX (0)
  --rate N         calls in any second for one key; 0 is no limit (0)
  --daily N        calls for one key; 0 is no limit (0)
  --keys K1,K2     accepted keys; without it any key that is not empty
  --faults MIX     NAME=PROBABILITY,... such as rate-limit=0.05,reset=0.01
  --seed TEXT      the same seed spoils the same calls
  --slowness MS    how long the fault "slow" takes (5000)
  --help           this text

Faults: ${faultNames.join(' ')}
`;

/** Reads the command line; "help" when that was asked for, throws with what to mend. */
export function readFlags(args: readonly string[]): EmulatorOptions | 'help' {
	const { values } = parseArgs({
		args: [...args],
		options: {
			port: { type: 'string' },
			host: { type: 'string' },
			latency: { type: 'string' },
			rate: { type: 'string' },
			daily: { type: 'string' },
			keys: { type: 'string' },
			faults: { type: 'string' },
			seed: { type: 'string' },
			slowness: { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) return 'help';
	return {
		port: wholeNumber('port', values.port),
		host: values.host,
		latency: readLatency(values.latency),
		rate: wholeNumber('rate', values.rate),
		daily: wholeNumber('daily', values.daily),
		keys: values.keys?.split(',').filter((key) => key !== ''),
		faults: parseFaultMix(values.faults ?? ''),
		seed: values.seed,
		slowness: wholeNumber('slowness', values.slowness),
	};
}

function wholeNumber(flag: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	if (!/^\d+$/.test(value)) throw new Error(`--${flag}: "${value}" is not a whole number`);
	return Number(value);
}

function readLatency(value: string | undefined): EmulatorOptions['latency'] {
	if (value === undefined) return undefined;
	const [min, max] = /^(\d+)(?:-(\d+))?$/.exec(value)?.slice(1) ?? [];
	if (min === undefined || (max !== undefined && Number(max) < Number(min))) {
		throw new Error(`--latency: "${value}" is neither milliseconds nor MIN-MAX`);
	}
	return max === undefined ? Number(min) : [Number(min), Number(max)];
}
