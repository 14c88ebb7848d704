import type { Bench } from '../bench.ts';
import type { ComparisonName } from '../flags.ts';
import type { Figure } from '../report/figure.ts';
import { compareCached, compareContract } from './reads.ts';
import { compareBatch, compareLone, compareSubmit } from './submits.ts';
import { compareTelemetry } from './telemetry.ts';

export type Compare = (bench: Bench) => Promise<Figure[]>;

export const comparisons: Partial<Record<ComparisonName, Compare>> = {
	cached: compareCached,
	contract: compareContract,
	submit: compareSubmit,
	lone: compareLone,
	batch: compareBatch,
	telemetry: compareTelemetry,
};
