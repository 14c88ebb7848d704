import { parseArgs } from 'node:util';
import { SetupError } from '../../ops/services/setup-error.ts';
import type { Load } from './load.ts';

const usage = `npm run stress -- [--rates N,N] [--seconds N] [--workers N] [--clients N] [--connections N] [--cold] [--warm] [--out FOLDER]
  --rates    submissions a second, one load after the other; 100,1000 when not given
  --seconds  how long each load lasts; 60 when not given
  --workers  worker processes; 2 when not given
  --clients  client processes; 4 when not given
  --connections  of one client, for each kind; 64 when not given
  --cold     only with an empty cache; both when neither is given
  --warm     only after a warm-up
  --set      NAME=VALUE, a setting of server and workers; may be given several times
  --out      folder of the report; bench/reports/stress when not given`;

export interface Flags {
	loads: Load[];
	workers: number;
	settings: Record<string, string>;
	out: string;
}

export function readFlags(args: readonly string[]): Flags {
	try {
		return read(args);
	} catch (error) {
		throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
}

function read(args: readonly string[]): Flags {
	const text = (value: string) => ({ type: 'string', default: value }) as const;
	const { values } = parseArgs({
		args: [...args],
		options: {
			rates: text('100,1000'),
			seconds: text('60'),
			workers: text('2'),
			clients: text('4'),
			connections: text('64'),
			cold: { type: 'boolean', default: false },
			warm: { type: 'boolean', default: false },
			set: { type: 'string', multiple: true, default: [] },
			out: text('bench/reports/stress'),
		},
	});
	const rates = values.rates.split(',').map((rate) => count('rates', rate));
	const load = {
		seconds: count('seconds', values.seconds),
		clients: count('clients', values.clients),
		connections: count('connections', values.connections),
	};
	const caches = (['cold', 'warm'] as const).filter(
		(cache) => values[cache] || values.cold === values.warm,
	);
	return {
		loads: rates.flatMap((rate) => caches.map((cache) => ({ rate, cache, ...load }))),
		workers: count('workers', values.workers),
		settings: Object.fromEntries(values.set.map(setting)),
		out: values.out,
	};
}

function count(name: string, value: string): number {
	const number = Number(value);
	if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes numbers from 1`);
	return number;
}

function setting(text: string): [string, string] {
	const [, name, value] = /^([A-Z_]+)=(.*)$/s.exec(text) ?? [];
	if (name === undefined || value === undefined) throw new Error('--set takes NAME=VALUE');
	return [name, value];
}
