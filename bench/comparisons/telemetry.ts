import { pathToFileURL } from 'node:url';
import type { ServerProcess } from '../../test/harness/system.ts';
import type { Bench } from '../bench.ts';
import { inTurn, type Side } from '../measure.ts';
import type { Figure } from '../report/figure.ts';
import { operationsOf } from '../telemetry/operations.ts';
import { load, type Request } from '../wrk/wrk.ts';

/** What telemetry may cost, of requests a second. */
const mostLost = 0.1;

/** A server with metrics, logs and traces, against the same one with all of that taken out. */
export async function compareTelemetry(bench: Bench): Promise<Figure[]> {
	const system = await bench.system();
	const { real } = await bench.data();
	const url = await bench.sinkUrl();
	const tests = { TEST_OPERATIONS: 'true' };
	const on = await system.server({ ...tests, LOKI_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: url });
	const without = pathToFileURL('bench/telemetry/without.ts').href;
	const off = await system.server({ ...tests, NODE_OPTIONS: `--import ${without}` });
	const figures: Figure[] = [];
	for (const mix of ['cached reads', 'mixed load'] as const) {
		const requests = operationsOf(mix, real).map((body): Request => {
			return { method: 'POST', path: '/graphql', body };
		});
		const title = `${mix}, with and without telemetry`;
		const subject = { comparison: 'telemetry', title, unit: 'requests a second' } as const;
		const sides = [
			mixSide(bench, 'with telemetry', on, requests),
			mixSide(bench, 'without', off, requests),
		];
		figures.push(await inTurn(bench, { ...subject, better: 'higher' }, sides));
	}
	await on.stop();
	await off.stop();
	return figures;
}

/** Says whether telemetry costs what it may; true where it was not measured. */
export function telemetryHeld(figures: readonly Figure[]): boolean {
	const ratios = figures
		.filter(({ comparison }) => comparison === 'telemetry')
		.flatMap(({ peers }) => peers.map(({ ratio }) => ratio.median));
	if (ratios.length === 0) return true;
	const lost = 1 - Math.min(...ratios);
	const percent = (share: number) => `${Math.round(share * 100)} %`;
	const held = lost <= mostLost;
	const cost = `costs ${percent(lost)} of requests a second, and may cost ${percent(mostLost)}`;
	console.log(`\n${held ? 'HELD' : 'NOT HELD'}: telemetry ${cost}`);
	return held;
}

/** Answers of a mix differ in size and some are errors by intent: only the status of each is looked at. */
function mixSide(
	{ extent, folder, signal }: Bench,
	name: string,
	target: ServerProcess,
	requests: readonly Request[],
): Side {
	const once = (seconds: number) =>
		load(target, requests, { seconds, connections: 32, folder, signal });
	return {
		name,
		warmUp: async () => {
			await once(Math.min(extent.seconds, 2));
		},
		measure: async () => {
			const { rate, cpu } = await once(extent.seconds);
			return { value: rate, cpu };
		},
	};
}
