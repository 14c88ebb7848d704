import { setTimeout as sleep } from 'node:timers/promises';
import { downloadQueue } from '../../platform/rabbitmq/queues.ts';
import { ask } from '../../test/harness/client.ts';
import { randomAddress } from '../../test/harness/contracts.ts';
import { openSystem, type ServerProcess, type System } from '../../test/harness/system.ts';
import { asInProduction, type Bench } from '../bench.ts';
import { inTurn, type Side } from '../measure.ts';
import type { Figure, Sample } from '../report/figure.ts';
import { startListening, startTalking } from '../setup/started.ts';
import { cpuMs } from '../wrk/wrk.ts';

interface Site extends Pick<Bench, 'signal'> {
	system: System;
	server: ServerProcess;
	upstreamUrl: string;
	/** Contracts of one measurement. */
	count: number;
	telemetry: Record<string, string>;
}

/** Contracts a second of real workers with an upstream that answers at once, against a bare loop. */
export async function compareWorker(bench: Bench): Promise<Figure[]> {
	const { extent, signal } = bench;
	// Of the run's own stack too, so that an end from outside waits for it.
	const stack = bench.stack.use(new AsyncDisposableStack());
	const env = { PATH: process.env['PATH'] ?? '' };
	const upstream = stack.use(
		await startListening(process.execPath, ['bench/worker/upstream.ts'], env),
	);
	// A database of its own: what the submissions left in the other one would be swept by these workers.
	const urls = { ...asInProduction, ETHERSCAN_URL: `${upstream.url}/v2/api` };
	const system = stack.use(await openSystem({ env: urls }));
	const sink = await bench.sinkUrl();
	const telemetry = { LOKI_URL: sink, OTEL_EXPORTER_OTLP_ENDPOINT: sink };
	const site: Site = {
		...{ system, server: await system.server(), upstreamUrl: urls.ETHERSCAN_URL, signal },
		...{ count: extent.quick ? 400 : 2_000, telemetry },
	};
	const figures: Figure[] = [];
	for (const workers of extent.quick ? [1] : [1, 2, 3]) {
		const title = `worker, instant upstream, ${workers} process${workers > 1 ? 'es' : ''}`;
		const subject = { comparison: 'worker', title, unit: 'contracts a second' } as const;
		const sides = [workersSide(site, workers), bareSide(site)];
		const pairs = extent.quick ? 1 : Math.min(extent.pairs, 3);
		figures.push(await inTurn(bench, { ...subject, better: 'higher' }, sides, pairs));
	}
	await stack.disposeAsync();
	return figures;
}

function workersSide(site: Site, count: number): Side {
	return {
		name: 'Verifeed',
		async measure() {
			await submitAll(site);
			const workers = await Promise.all(
				Array.from({ length: count }, () => site.system.worker(site.telemetry)),
			);
			const pids = workers.map(({ pid }) => pid);
			const sample = await untilDone(site, pids);
			await Promise.all(workers.map((worker) => worker.stop()));
			return sample;
		},
	};
}

function bareSide(site: Site): Side {
	return {
		name: 'a bare loop',
		async measure() {
			await submitAll(site);
			const env = { MYSQL_URL: site.system.database.url, UPSTREAM_URL: site.upstreamUrl };
			await using loop = await startTalking(process.execPath, ['bench/worker/bare-loop.ts'], env);
			await loop.said('working');
			const sample = await untilDone(site, [loop.pid]);
			// The loop has not taken the messages of what it did.
			const { name, api } = site.system.vhost;
			await api('DELETE', `queues/${name}/${downloadQueue}/contents`);
			return sample;
		},
	};
}

const submit =
	'mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { version } }';

async function submitAll({ server, count }: Site): Promise<void> {
	for (let n = 0; n < count; n += 100) {
		const addresses = Array.from({ length: 100 }, () => randomAddress());
		const { errors } = await ask(server.url, submit, { addresses });
		if (errors) throw new Error(`the contracts of the worker were refused: ${errors[0]?.message}`);
	}
}

/** Counts when a quarter of the work is done, and all code with it compiled, until all of it is stored. */
async function untilDone(site: Site, pids: readonly number[]): Promise<Sample> {
	const used = () => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
	const first = await untilLeft(site, site.count * 0.75);
	const [before, started] = [used(), performance.now()];
	await untilLeft(site, 0);
	const seconds = (performance.now() - started) / 1_000;
	return { value: first / seconds, cpu: (used() - before) / first };
}

/** Waits until no more contracts than that are left to do; how many they are. */
async function untilLeft({ system, signal }: Site, most: number): Promise<number> {
	for (;;) {
		signal.throwIfAborted();
		const [row] = await system.database.query<{ left: string; failed: string }>(
			"select sum(status in ('CREATED', 'PROCESS')) as `left`, sum(status = 'ERROR') as failed from contracts",
		);
		if (Number(row?.failed) > 0) throw new Error(`${row?.failed} downloads failed`);
		const left = Number(row?.left);
		if (left <= most) return left;
		await sleep(25);
	}
}
