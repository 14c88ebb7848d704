import { parseArgs } from 'node:util';
import type { Behaviour, DoorOptions } from './behaviour.ts';
import { type DoorName, doorNames } from './door-name.ts';
import type { EmulatorOptions } from './emulator.ts';
import { faultsOf, parseFaultMix } from './faults.ts';

export const help = `Etherscan V2, Sourcify v2 and Blockscout on this machine, with real contracts.

  --port N         port to listen on; 0, the default, takes a free one
  --host NAME      address to listen on (127.0.0.1)
  --catalogue D1,D2  doors that have the real contracts: ${doorNames.join(', ')} (etherscan)
  --seed TEXT      the same seed spoils the same calls
  --slowness MS    how long the fault "slow" takes (5000)
  --help           this text

Of Etherscan; with --sourcify- or --blockscout- before the name, such as --sourcify-rate, of another door:

  --latency MS     milliseconds before each answer, or MIN-MAX (0)
  --rate N         calls in any second for one key, at Sourcify for all callers; 0 is no limit (0)
  --daily N        calls for one key, at Sourcify for all callers; 0 is no limit (0)
  --keys K1,K2     accepted keys; without it any key that is not empty (Sourcify has no keys)
  --faults MIX     NAME=PROBABILITY,... such as rate-limit=0.05,reset=0.01

${doorNames.map((door) => `Faults of ${door}: ${faultsOf(door).join(' ')}\n`).join('\n')}`;

const text = { type: 'string' } as const;

const options = {
	port: text,
	host: text,
	catalogue: text,
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
	const having = readDoors(values.catalogue);
	return {
		port: wholeNumber('port', values.port),
		host: values.host,
		...readBehaviour(values, 'etherscan'),
		...(having && { catalogue: having.includes('etherscan') }),
		seed: values.seed,
		slowness: wholeNumber('slowness', values.slowness),
		sourcify: readDoor(values, 'sourcify', having),
		blockscout: readDoor(values, 'blockscout', having),
	};
}

/** The options of a further door, undefined when no flag is about it. */
function readDoor(
	values: Values,
	door: DoorName,
	having: readonly DoorName[] = [],
): DoorOptions | undefined {
	const named = Object.keys(values).some((flag) => flag.startsWith(`${door}-`));
	if (!named && !having.includes(door)) return undefined;
	return { ...readBehaviour(values, door), catalogue: having.includes(door) };
}

function readBehaviour(values: Values, door: DoorName): Behaviour {
	const prefix = door === 'etherscan' ? '' : `${door}-`;
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
		faults: parseFaultMix(value('faults')[1] ?? '', door),
	};
}

function readDoors(value: string | undefined): readonly DoorName[] | undefined {
	return value
		?.split(',')
		.filter((part) => part !== '')
		.map((part) => {
			const door = doorNames.find((name) => name === part);
			if (!door) throw new Error(`--catalogue: "${part}" is none of: ${doorNames.join(', ')}`);
			return door;
		});
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
