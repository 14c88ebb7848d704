import type { Bench } from '../bench.ts';
import type { ComparisonName } from '../flags.ts';
import type { Figure } from '../report/figure.ts';
import { compareCosts } from './costs.ts';
import { compareGrowth } from './growth.ts';
import { compareIdle } from './idle.ts';
import { compareLatency } from './latency.ts';
import { compareCached, compareContract } from './reads.ts';
import { compareBatch, compareLone, compareSubmit } from './submits.ts';
import { compareSubscriptions } from './subscriptions.ts';
import { compareTelemetry } from './telemetry.ts';
import { compareWide } from './wide.ts';
import { compareWorker } from './worker.ts';

export const comparisons: Record<ComparisonName, (bench: Bench) => Promise<Figure[]>> = {
	cached: compareCached,
	contract: compareContract,
	wide: compareWide,
	latency: compareLatency,
	submit: compareSubmit,
	lone: compareLone,
	batch: compareBatch,
	worker: compareWorker,
	subscriptions: compareSubscriptions,
	telemetry: compareTelemetry,
	growth: compareGrowth,
	idle: compareIdle,
	costs: compareCosts,
};
