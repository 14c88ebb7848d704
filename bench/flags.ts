import { parseArgs } from 'node:util';
import { SetupError } from '../ops/services/setup-error.ts';
import { type SinkMode, sinkModes } from './telemetry/sink-mode.ts';

export const comparisonNames = [
	...(['cached', 'contract', 'wide', 'latency', 'submit', 'lone', 'batch'] as const),
	...(['worker', 'subscriptions', 'telemetry'] as const),
] as const;
export type ComparisonName = (typeof comparisonNames)[number];

const usage = `npm run bench -- [--quick] [--only NAME,NAME] [--pairs N] [--seconds N] [--sink well|hang|429]
  --quick    everything in 3 to 4 minutes: 2 pairs of 1 s
  --only     one or more of ${comparisonNames.join(', ')}
  --pairs    how often each side is measured; 5 when not given
  --seconds  how long one measurement takes; 4 when not given
  --sink     how what would be Loki and Tempo answers; well when not given`;

export interface Extent {
	pairs: number;
	seconds: number;
	quick: boolean;
	only: readonly ComparisonName[];
	sink: SinkMode;
}

export function readFlags(args: readonly string[]): Extent {
	try {
		const options = {
			quick: { type: 'boolean', default: false },
			only: { type: 'string', default: comparisonNames.join() },
			pairs: { type: 'string' },
			seconds: { type: 'string' },
			sink: { type: 'string', default: 'well' },
		} as const;
		const { values } = parseArgs({ args: [...args], options });
		const { quick } = values;
		const sink = sinkModes.find((mode) => mode === values.sink);
		if (!sink) throw new Error(`one of ${sinkModes.join(', ')} is expected for --sink`);
		const [usualPairs, usualSeconds] = quick ? [2, 1] : [5, 4];
		const pairs = Number(values.pairs ?? usualPairs);
		const seconds = Number(values.seconds ?? usualSeconds);
		for (const one of [pairs, seconds]) {
			if (!(one >= 1 && Number.isInteger(one)))
				throw new Error('a whole number from 1 is expected');
		}
		return { pairs, seconds, quick, only: values.only.split(',').map(comparison), sink };
	} catch (error) {
		throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
}

function comparison(name: string): ComparisonName {
	const found = comparisonNames.find((one) => one === name);
	if (!found) throw new Error(`"${name}" is no comparison`);
	return found;
}
