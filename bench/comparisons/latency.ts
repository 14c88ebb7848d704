import type { Bench } from '../bench.ts';
import { inTurn, type Side } from '../measure.ts';
import { openLoop, percentile } from '../open-loop.ts';
import type { Figure } from '../report/figure.ts';
import { shown } from '../setup/dataset.ts';
import { answerOf, cpuMs } from '../wrk/wrk.ts';
import { type Field, readSides } from './reads.ts';

/** Below what each of them carries, so that it is the time of an answer and not of a queue. */
const perSecond = 300;

/** Latency at a steady rate, counted from when each request was due. */
export async function compareLatency(bench: Bench): Promise<Figure[]> {
	const { extent, signal } = bench;
	const figures: Figure[] = [];
	const fields: Field[] = extent.quick ? ['contract'] : ['cachedContract', 'contract'];
	for (const field of fields) {
		const addresses = shown((await bench.data()).many.slice(0, 1_000));
		const read = await readSides(bench, field, addresses, ['Mercurius, JIT', 'FastAPI']);
		const sides = read.map(({ name, target, requests, check }): Side => {
			const once = async (seconds: number) => {
				if (requests[0]) check(await answerOf(target, requests[0]));
				const before = cpuMs(target.pid);
				const latencies = await openLoop(target, requests, { rate: perSecond, seconds, signal });
				const cpu = (cpuMs(target.pid) - before) / latencies.length;
				return { value: percentile(latencies, 0.99), cpu };
			};
			return {
				name,
				warmUp: async () => {
					await once(1);
				},
				measure: () => once(Math.max(2, extent.seconds)),
			};
		});
		const title = `${field}, ${perSecond} a second, open loop`;
		const subject = { comparison: 'latency', title, unit: 'ms, p99', better: 'lower' } as const;
		figures.push(await inTurn(bench, subject, sides));
	}
	return figures;
}
