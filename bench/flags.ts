import { parseArgs } from 'node:util';
import { SetupError } from '../ops/services/setup-error.ts';
import type { Growth } from './growth/databases.ts';
import { type SinkMode, sinkModes } from './telemetry/sink-mode.ts';

/** What a run measures when nothing is said. */
export const usualNames = [
	...(['cached', 'contract', 'wide', 'latency', 'submit', 'lone', 'batch'] as const),
	...(['worker', 'subscriptions', 'telemetry'] as const),
] as const;
/** Each has a report of its own, and is measured by its name. */
export const apartNames = ['growth', 'idle', 'costs'] as const;
const comparisonNames = [...usualNames, ...apartNames];
export type ComparisonName = (typeof comparisonNames)[number];

const usage = `npm run bench -- [--quick] [--only NAME,NAME] [--pairs N] [--seconds N] [--sink well|hang|429]
                     [--contracts N,N] [--pool-mb N] [--keep]
  --quick    2 pairs of 1 s
  --only     one or more of ${usualNames.join(', ')};
             or ${apartNames.join(', ')}, which are measured only by name
  --pairs    how often each side is measured; 5 when not given
  --seconds  how long one measurement takes; 4 when not given
  --sink     how what would be Loki and Tempo answers; well when not given
  --contracts  sizes that growth compares, such as 10k,1m,10m; 10k,100k when not given
  --pool-mb  InnoDB's buffer pool for growth; 1024 when not given
  --keep     what growth has filled stays in .data/growth, and is used by the next run`;

export interface Extent {
	pairs: number;
	seconds: number;
	quick: boolean;
	only: readonly ComparisonName[];
	sink: SinkMode;
	growth: Growth;
}

export function readFlags(args: readonly string[]): Extent {
	try {
		const options = {
			quick: { type: 'boolean', default: false },
			only: { type: 'string' },
			pairs: { type: 'string' },
			seconds: { type: 'string' },
			sink: { type: 'string', default: 'well' },
			contracts: { type: 'string', default: '10k,100k' },
			'pool-mb': { type: 'string', default: '1024' },
			keep: { type: 'boolean', default: false },
		} as const;
		const { values } = parseArgs({ args: [...args], options });
		const { quick } = values;
		const sink = sinkModes.find((mode) => mode === values.sink);
		if (!sink) throw new Error(`one of ${sinkModes.join(', ')} is expected for --sink`);
		const [usualPairs, usualSeconds] = quick ? [2, 1] : [5, 4];
		const pairs = Number(values.pairs ?? usualPairs);
		const seconds = Number(values.seconds ?? usualSeconds);
		const poolMb = Number(values['pool-mb']);
		for (const one of [pairs, seconds, poolMb]) {
			if (!(one >= 1 && Number.isInteger(one)))
				throw new Error('a whole number from 1 is expected');
		}
		const only = values.only?.split(',').map(comparison) ?? usualNames;
		const sizes = values.contracts.split(',').map(size);
		return { pairs, seconds, quick, only, sink, growth: { sizes, poolMb, keep: values.keep } };
	} catch (error) {
		throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
}

function comparison(name: string): ComparisonName {
	const found = comparisonNames.find((one) => one === name);
	if (!found) throw new Error(`"${name}" is no comparison`);
	return found;
}

/** Smaller ones would hold none of some kinds that are looked for. */
const fewest = 10_000;

function size(text: string): number {
	const [, digits, unit] = /^(\d+)([km]?)$/.exec(text) ?? [];
	const contracts = Number(digits) * (unit === 'm' ? 1e6 : unit === 'k' ? 1e3 : 1);
	if (!(contracts >= fewest)) throw new Error(`sizes such as 10k,1m are expected, from ${fewest}`);
	return contracts;
}
