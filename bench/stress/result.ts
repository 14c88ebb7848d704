import { percentile } from './histogram.ts';
import type { Load } from './load.ts';
import { mapKinds } from './recorder.ts';
import { type Kind, kinds, offered, ratesOf } from './schedule.ts';
import { type Latency, latencyOf, type Tally, type Total } from './tally.ts';

/** What was seen at a moment of the load. */
export interface Sample {
	second: number;
	/** Contracts that are not finished, where they were counted. */
	waiting?: number;
	/** Reads through the cache since the server started, where they were looked up. */
	hits?: number;
	reads?: number;
}

export interface Row extends Latency {
	/** What was due, and a second. */
	due: number;
	offered: number;
	/** Answers a second of the load, those within the bound after its end included. */
	achieved: number;
	failed: number;
	max: number;
}

/** One second of the load, for the plots. */
export interface Moment {
	second: number;
	due: number;
	answered: number;
	contract: Latency | null;
	cachedContract: Latency | null;
	/** Share of the reads since the sample before. */
	hitRatio: number | null;
	waiting: number | null;
}

export interface Outcome {
	samples: readonly Sample[];
	contracts: PhaseResult['contracts'];
	cpu: Readonly<Record<string, number>>;
	elapsed: number;
}

export interface PhaseResult extends Load {
	rows: Record<Kind, Row>;
	/** Subscriptions that came to their end with every version in order. */
	followed: number;
	hitRatio: number;
	contracts: {
		success: number;
		error: number;
		unfinished: number;
		/** From the last submission to the last change; null while something is unfinished. */
		finishSeconds: number | null;
	};
	/** Shares of one core, by process, from the start of the load to its last answer. */
	cores: Record<string, number>;
	failures: string[];
	moments: Moment[];
}

export function resultOf(load: Load, tally: Tally, outcome: Outcome): PhaseResult {
	const { samples, elapsed } = outcome;
	const rates = ratesOf(load.rate);
	const rows = mapKinds(tally.totals, (total) => rowOf(total, load.seconds));
	for (const kind of kinds) {
		// Also what a client that was late has not even begun.
		rows[kind].due = offered(rates, load.seconds, kind);
		rows[kind].offered = rows[kind].due / load.seconds;
	}
	const cores = Object.entries(outcome.cpu).map(([name, seconds]) => [name, seconds / elapsed]);
	return {
		...load,
		rows,
		followed: tally.followed,
		hitRatio: ratioBetween({ hits: 0, reads: 0 }, samples.at(-1) ?? {}) ?? 0,
		contracts: outcome.contracts,
		cores: Object.fromEntries(cores),
		failures: [...tally.failures],
		moments: momentsOf(tally, samples),
	};
}

function rowOf(total: Total, seconds: number): Row {
	return {
		due: total.due,
		offered: total.due / seconds,
		achieved: total.inTime / seconds,
		failed: total.failed,
		// A bucket ends a little above its values.
		p50: Math.min(total.max, percentile(total.histogram, 0.5)),
		p99: Math.min(total.max, percentile(total.histogram, 0.99)),
		max: total.max,
	};
}

function momentsOf({ totals }: Tally, samples: readonly Sample[]): Moment[] {
	const last = Math.max(...kinds.flatMap((kind) => [...totals[kind].seconds.keys()]), 0);
	const sampled = samples.filter(({ reads }) => reads !== undefined);
	return Array.from({ length: last + 1 }, (_, second) => {
		const all = kinds.map((kind) => totals[kind].seconds.get(second));
		const sum = (name: 'due' | 'answered') => all.reduce((n, one) => n + (one?.[name] ?? 0), 0);
		const latency = (kind: Kind) => {
			const histogram = totals[kind].seconds.get(second)?.histogram;
			return histogram && histogram.size > 0 ? latencyOf(histogram) : null;
		};
		const index = sampled.findIndex((sample) => sample.second === second);
		return {
			second,
			due: sum('due'),
			answered: sum('answered'),
			contract: latency('contract'),
			cachedContract: latency('cachedContract'),
			hitRatio: index < 1 ? null : ratioBetween(sampled[index - 1] ?? {}, sampled[index] ?? {}),
			waiting:
				samples.find((one) => one.second === second && one.waiting !== undefined)?.waiting ?? null,
		};
	});
}

function ratioBetween(before: Partial<Sample>, after: Partial<Sample>): number | null {
	const reads = (after.reads ?? 0) - (before.reads ?? 0);
	return reads > 0 ? ((after.hits ?? 0) - (before.hits ?? 0)) / reads : null;
}
