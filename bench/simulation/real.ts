import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../ops/run/run.ts';
import { openSystem, type WorkerProcess } from '../../test/harness/system.ts';
import { asInProduction } from '../bench.ts';
import { openLoop } from '../open-loop.ts';
import { verifiedPrefix } from '../stress/schedule.ts';
import { cpuMs, type Request } from '../wrk/wrk.ts';
import type { SimulationFlags } from './flags.ts';
import type { Way } from './summary.ts';

/** What the real product made of the same submissions, by the times that it stored. */
export async function realRun(
	flags: SimulationFlags,
	{ signal, say }: Pick<Run, 'signal' | 'say'>,
): Promise<{ ways: Way[]; processorMs: number; missed: number }> {
	const { perSecond, seconds, callsPerSecond, answerMs, failures } = flags;
	await using system = await openSystem({
		emulator: {
			...{ verified: verifiedPrefix, latency: [answerMs[0], answerMs[1]] },
			...(failures > 0 && { faults: { 'http-503': failures } }),
		},
		env: {
			...asInProduction,
			ETHERSCAN_RPS: String(callsPerSecond),
			WORKER_CONCURRENCY: String(flags.concurrency),
			// A fault is to cost its attempt a back-off, and not to close the upstream to all.
			BREAKER_FAILURES: '1000',
		},
	});
	const server = await system.server();
	const workers: WorkerProcess[] = [];
	for (let n = 0; n < flags.workers; n += 1) workers.push(await system.worker());
	const used = () => workers.reduce((sum, { pid }) => sum + cpuMs(pid), 0);
	// So that code is compiled before it counts.
	await openLoop(server, requests(100, 'f'), { rate: 50, seconds: 2, signal });
	const unfinished = async () => {
		const [row] = await system.database.query<{ n: number }>(
			"select count(*) as n from contracts where status in ('CREATED', 'PROCESS')",
		);
		return row?.n ?? 0;
	};
	while ((await unfinished()) > 0) await sleep(100, undefined, { signal });
	await system.database.query('delete from contract_events');
	const before = used();
	const total = Math.round(perSecond * seconds);
	say(`${total} submissions in ${seconds} s, and then until all are finished`);
	await openLoop(server, requests(total, '0'), { rate: perSecond, seconds, signal });
	while ((await unfinished()) > 0) await sleep(250, undefined, { signal });
	const missed = missedOf(system.emulator.arrivals.slice(-total), callsPerSecond);
	const processorMs = (used() - before) / total;
	const rows = await system.database.query<{ arrived: Date; begun: Date; finished: Date }>(`
		select min(at) as arrived, min(if(status = 'PROCESS', at, null)) as begun, max(at) as finished
		from contract_events group by chain_id, address having min(version) = 1`);
	const start = Math.min(...rows.map(({ arrived }) => arrived.getTime()));
	const since = (at: Date) => (at.getTime() - start) / 1_000;
	return {
		ways: rows.map(({ arrived, begun, finished }) => ({
			...{ arrived: since(arrived), begun: since(begun), finished: since(finished) },
		})),
		...{ processorMs, missed },
	};
}

/** Of the turns between the first call and the last, those in which there was none; times are in milliseconds. */
function missedOf(arrivals: readonly number[], callsPerSecond: number): number {
	const turns = (((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1_000) * callsPerSecond;
	return Math.max(0, 1 - (arrivals.length - 1) / turns);
}

/** Of contracts that the emulator has, each another one. */
function requests(count: number, mark: string): Request[] {
	return Array.from({ length: count }, (_, n) => {
		const rest = n.toString(16).padStart(41 - verifiedPrefix.length, '0');
		const query = `mutation { submitContract(address: "${verifiedPrefix}${mark}${rest}") { version } }`;
		return { method: 'POST', path: '/graphql', body: { query } };
	});
}
