import { z } from 'zod';

const spread = { median: z.number(), lowest: z.number(), highest: z.number() };
const side = z.object({ name: z.string(), ...spread, cpu: z.number().nullable() });

const figure = z.object({
	comparison: z.string(),
	title: z.string(),
	unit: z.string(),
	better: z.enum(['higher', 'lower']),
	ours: side,
	peers: z.array(side.extend({ ratio: z.object(spread) })),
});

/** As a run leaves it in `bench/reports/`, and a later one reads it. */
export const report = z.object({
	at: z.iso.datetime(),
	commit: z.string(),
	pairs: z.number(),
	seconds: z.number(),
	quick: z.boolean(),
	machine: z.object({
		processor: z.string(),
		cores: z.number(),
		memoryGb: z.number(),
		kernel: z.string(),
	}),
	versions: z.record(z.string(), z.string()),
	/** Peers that could not be had, with commas between. */
	missing: z.string(),
	figures: z.array(figure),
});
export type Report = z.output<typeof report>;
