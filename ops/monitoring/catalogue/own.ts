import type { Instrument, LabelSets } from '../../../platform/telemetry/instrument.ts';
import { ofAll, ofNode, ofSystem, ofWarmup } from '../../../platform/telemetry/instruments.ts';
import { ofBoth, ofWorkers } from '../../../platform/telemetry/pipeline-instruments.ts';
import { ofServers } from '../../../platform/telemetry/request-instruments.ts';
import type { Kind } from './metric.ts';

type Table = Readonly<Record<string, Instrument<string, LabelSets>>>;
type KindOf<K extends string> = K extends Kind ? K : 'gauge';
type Described<T extends Table> = {
	readonly [N in keyof T]: {
		kind: KindOf<T[N]['kind']>;
		labels: readonly (keyof T[N]['labels'] & string)[];
	};
};

/** As the table of instruments has them: name, kind and labels. */
function described<T extends Table>(table: T): Described<T> {
	const all = Object.entries(table).map(([name, { kind, labels }]) => [
		name,
		{ kind: kind === 'asked' || kind === 'upDown' ? 'gauge' : kind, labels: Object.keys(labels) },
	]);
	// Each under its own name, with its own kind and labels.
	return Object.fromEntries(all) as Described<T>;
}

/** What each server and each worker says of itself. */
export const ownMetrics = described({ ...ofServers, ...ofWorkers, ...ofBoth, ...ofAll, ...ofNode });
/** Facts about the whole system, shown by the one worker that leads. */
export const sharedMetrics = described(ofSystem);
export const warmupMetrics = described(ofWarmup);
