import { parseArgs } from 'node:util';
import type { EmulatorOptions } from './emulator.ts';
import { faultsOf, parseFaultMix } from './faults.ts';
import { type ApiName, type ApiOptions, apiNames, type Behaviour } from './protocol.ts';

export const help = `Etherscan V2, Sourcify v2 and Blockscout on this machine, with real contracts.

  --port N         port to listen on; 0, the default, takes a free one
  --host NAME      address to listen on (127.0.0.1)
  --catalogue A1,A2  APIs that have the real contracts: ${apiNames.join(', ')} (etherscan)
  --verified 0x…   Etherscan verifies each address that begins so, with a small source of its own
  --seed TEXT      the same seed corrupts the same calls
  --slowness MS    how long the fault "slow" takes (5000)
  --help           this text

Of Etherscan; with --sourcify- or --blockscout- before the name, such as --sourcify-rate, of another API:

  --latency MS     milliseconds before each answer, or MIN-MAX (0)
  --rate N         calls in any second for one key, at Sourcify for all callers; 0 is no limit (0)
  --daily N        calls for one key, at Sourcify for all callers; 0 is no limit (0)
  --keys K1,K2     accepted keys; without it any key that is not empty (Sourcify has no keys)
  --faults MIX     NAME=PROBABILITY,... such as rate-limit=0.05,reset=0.01

${apiNames.map((api) => `Faults of ${api}: ${faultsOf(api).join(' ')}\n`).join('\n')}`;

const text = { type: 'string' } as const;

const options = {
	port: text,
	host: text,
	catalogue: text,
	verified: text,
	seed: text,
	slowness: text,
	latency: text,
	rate: text,
	daily: text,
	keys: text,
	faults: text,
	'sourcify-latency': text,
	'sourcify-rate': text,
	'sourcify-daily': text,
	'sourcify-faults': text,
	'blockscout-latency': text,
	'blockscout-rate': text,
	'blockscout-daily': text,
	'blockscout-keys': text,
	'blockscout-faults': text,
	help: { type: 'boolean' },
} as const;

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Reads the command line; "help" when that was asked for, throws with what to mend. */
export function readFlags(args: readonly string[]): EmulatorOptions | 'help' {
	const { values } = parseArgs({ args: [...args], options });
	if (values.help) return 'help';
	const having = readApis(values.catalogue);
	return {
		port: wholeNumber('port', values.port),
		host: values.host,
		...readBehaviour(values, 'etherscan'),
		...(having && { catalogue: having.includes('etherscan') }),
		verified: readPrefix(values.verified),
		seed: values.seed,
		slowness: wholeNumber('slowness', values.slowness),
		sourcify: readApi(values, 'sourcify', having),
		blockscout: readApi(values, 'blockscout', having),
	};
}

/** The options of a further API, undefined when no flag is about it. */
function readApi(
	values: Values,
	api: ApiName,
	having: readonly ApiName[] = [],
): ApiOptions | undefined {
	const named = Object.keys(values).some((flag) => flag.startsWith(`${api}-`));
	if (!named && !having.includes(api)) return undefined;
	return { ...readBehaviour(values, api), catalogue: having.includes(api) };
}

function readBehaviour(values: Values, api: ApiName): Behaviour {
	const prefix = api === 'etherscan' ? '' : `${api}-`;
	const value = (name: string): [flag: string, value: string | undefined] => {
		const given = values[`${prefix}${name}`];
		return [`${prefix}${name}`, typeof given === 'string' ? given : undefined];
	};
	return {
		latency: readLatency(...value('latency')),
		rate: wholeNumber(...value('rate')),
		daily: wholeNumber(...value('daily')),
		keys: value('keys')[1]
			?.split(',')
			.filter((key) => key !== ''),
		faults: parseFaultMix(value('faults')[1] ?? '', api),
	};
}

function readApis(value: string | undefined): readonly ApiName[] | undefined {
	return value
		?.split(',')
		.filter((part) => part !== '')
		.map((part) => {
			const api = apiNames.find((name) => name === part);
			if (!api) throw new Error(`--catalogue: "${part}" is none of: ${apiNames.join(', ')}`);
			return api;
		});
}

function readPrefix(value: string | undefined): string | undefined {
	if (value === undefined || /^0x[0-9a-fA-F]{1,40}$/.test(value)) return value;
	throw new Error(`--verified: "${value}" is no beginning of an address`);
}

function wholeNumber(flag: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	if (!/^\d+$/.test(value)) throw new Error(`--${flag}: "${value}" is not a whole number`);
	return Number(value);
}

function readLatency(flag: string, value: string | undefined): Behaviour['latency'] {
	if (value === undefined) return undefined;
	const [min, max] = /^(\d+)(?:-(\d+))?$/.exec(value)?.slice(1) ?? [];
	if (min === undefined || (max !== undefined && Number(max) < Number(min))) {
		throw new Error(`--${flag}: "${value}" is neither milliseconds nor MIN-MAX`);
	}
	return max === undefined ? Number(min) : [Number(min), Number(max)];
}
