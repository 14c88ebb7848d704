import { parseArgs } from 'node:util';
import { SetupError } from '../../ops/services/setup-error.ts';

const usage = `npm run simulate -- [--per-second N] [--seconds N] [--workers N] [--concurrency N] [--calls-per-second N]
                        [--answer MS-MS] [--processor MS] [--failures SHARE] [--missed SHARE] [--seed N]
                        [--check]
  --per-second        submissions a second; 50 when not given
  --seconds           how long they come; 30 when not given
  --workers           2 when not given
  --concurrency       downloads at once in one worker; 10 when not given
  --calls-per-second  that upstreams allow all workers together; 30 when not given
  --answer            how long an upstream takes to answer, at even chances; 100-400 when not given
  --processor         processor time of a worker for one download; 4 when not given
  --failures          share of attempts that fail and are made again; 0 when not given
  --missed            share of calls that come too late for their turn, as on a busy machine; 0 when not given
  --seed              1 when not given
  --check             runs the real product with the same numbers, and prints both`;

export interface SimulationFlags {
	perSecond: number;
	seconds: number;
	workers: number;
	concurrency: number;
	callsPerSecond: number;
	answerMs: readonly [from: number, to: number];
	processorMs: number;
	failures: number;
	missed: number;
	seed: number;
	check: boolean;
}

export function readSimulationFlags(args: readonly string[]): SimulationFlags {
	const number = (usual: string) => ({ type: 'string', default: usual }) as const;
	const options = {
		...{ 'per-second': number('50'), seconds: number('30'), workers: number('2') },
		...{ concurrency: number('10'), 'calls-per-second': number('30'), answer: number('100-400') },
		...{ processor: number('4'), failures: number('0'), missed: number('0'), seed: number('1') },
		check: { type: 'boolean', default: false },
	} as const;
	try {
		const { values } = parseArgs({ args: [...args], options });
		const [from = Number.NaN, to = from] = values.answer.split('-').map(Number);
		return {
			perSecond: above(values['per-second'], 0),
			seconds: above(values.seconds, 0),
			workers: whole(values.workers),
			concurrency: whole(values.concurrency),
			callsPerSecond: above(values['calls-per-second'], 0),
			answerMs: [atLeast(from, 0), atLeast(to, from)],
			processorMs: atLeast(Number(values.processor), 0),
			failures: share(values.failures),
			missed: share(values.missed),
			seed: whole(values.seed),
			check: values.check,
		};
	} catch (error) {
		throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
}

function atLeast(value: number, least: number): number {
	if (!(value >= least)) throw new Error('a number is missing, or too low');
	return value;
}

function above(text: string, least: number): number {
	const value = Number(text);
	if (!(value > least)) throw new Error(`a number above ${least} is expected, not ${text}`);
	return value;
}

function whole(text: string): number {
	const value = Number(text);
	if (!(Number.isInteger(value) && value >= 1)) {
		throw new Error(`a whole number from 1 is expected, not ${text}`);
	}
	return value;
}

function share(text: string): number {
	const value = Number(text);
	if (!(value >= 0 && value < 1))
		throw new Error(`a share from 0 up to 1 is expected, not ${text}`);
	return value;
}
