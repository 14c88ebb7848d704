import type { Reads } from '../../domain/reads.ts';

/** By which nothing is noted. */
export const noReads: Reads = { note() {}, async flush() {} };
