import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../../test/harness/client.ts';
import { openSystem, type System } from '../../test/harness/system.ts';
import { asInProduction, type Bench } from '../bench.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { verifiedPrefix } from '../stress/schedule.ts';
import { answerOf, cpuMs, load } from '../wrk/wrk.ts';

/** Of one core, for a process that nobody asks for anything. */
const mostIdlePercent = 1;

/** Long enough that a hundredth of a second, which is what the kernel counts in, is a twentieth of a percent. */
const idleMs = 20_000;
const starts = 3;
const downloads = 1_000;

/** What processes cost that have nothing to do: time to start, memory, processor. */
export async function compareIdle(bench: Bench): Promise<Figure[]> {
	const { extent, folder, signal, say } = bench;
	const stack = bench.stack.use(new AsyncDisposableStack());
	const url = await bench.sinkUrl();
	const system = stack.use(
		await openSystem({
			emulator: { verified: verifiedPrefix },
			env: { ...asInProduction, LOKI_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: url },
		}),
	);
	say('time from start to ready');
	const ready = {
		server: [] as number[],
		worker: [] as number[],
		'warm-up, to its end': [] as number[],
	};
	for (let n = 0; n < starts; n += 1) {
		signal.throwIfAborted();
		for (const name of ['server', 'worker'] as const) {
			const { ms, process } = await startedIn(system, name);
			ready[name].push(ms);
			await process.stop();
		}
		const started = performance.now();
		await system.run('warmup/main.ts').exit;
		ready['warm-up, to its end'].push(performance.now() - started);
	}
	const server = await system.server();
	const workers = [await system.worker(), await system.worker()];
	const ours = {
		server: server.pid,
		'worker 1': workers[0]?.pid ?? 0,
		'worker 2': workers[1]?.pid ?? 0,
	};
	const pids = { ...ours, ...bench.pids, Redis: await redisPid(system) };
	await sleep(3_000, undefined, { signal });
	const fresh = memory(pids);
	const untouched = await idle(pids, signal);
	say('load, and then nothing again');
	const address = await submitAll(system, server.url);
	const read = {
		...{ method: 'POST' as const, path: '/graphql' },
		body: { query: `{ cachedContract(address: "${address}") { address status source { name } } }` },
	};
	await answerOf(server, read);
	await load(server, [read], {
		seconds: Math.max(10, extent.seconds),
		connections: 32,
		folder,
		signal,
	});
	await sleep(5_000, undefined, { signal });
	const used = memory(pids);
	const after = await idle(pids, signal);
	await stack.disposeAsync();
	return [
		...Object.entries(ready).map(([name, samples]) =>
			figure(`${name}: start to ready`, 'ms', samples),
		),
		...Object.keys(pids).flatMap((name) => [
			figure(`${name}: memory after the start`, 'MB', [fresh[name] ?? 0]),
			figure(`${name}: memory after load`, 'MB', [used[name] ?? 0]),
			figure(`${name}: idle after the start`, percent, [untouched[name] ?? 0]),
			figure(`${name}: idle after load`, percent, [after[name] ?? 0]),
		]),
	];
}

const percent = '% of a core';

function figure(title: string, unit: string, values: readonly number[]): Figure {
	const samples = values.map((value) => ({ value, cpu: null }));
	const subject = { comparison: 'idle', title, unit, better: 'lower' } as const;
	return figureOf(subject, [{ name: 'Verifeed', samples }]);
}

/** Milliseconds until `/readyz` says that all is well. */
async function startedIn(system: System, name: 'server' | 'worker') {
	const started = performance.now();
	const process = await system[name]();
	const at = 'url' in process ? process.url : process.metricsUrl;
	for (;;) {
		const { ok } = await fetch(`${at}/readyz`);
		if (ok) return { ms: performance.now() - started, process };
	}
}

async function redisPid({ redis }: System): Promise<number> {
	return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
}

/** Resident, in MB, of each process. */
function memory(pids: Readonly<Record<string, number>>): Record<string, number> {
	return Object.fromEntries(
		Object.entries(pids).map(([name, pid]) => {
			const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
			return [name, Number(found?.[1]) / 1_000];
		}),
	);
}

/** Percent of a core that each process takes while nothing happens. */
async function idle(
	pids: Readonly<Record<string, number>>,
	signal: AbortSignal,
): Promise<Record<string, number>> {
	const before = Object.entries(pids).map(([name, pid]) => ({ name, pid, used: cpuMs(pid) }));
	const started = performance.now();
	await sleep(idleMs, undefined, { signal });
	const passed = performance.now() - started;
	return Object.fromEntries(
		before.map(({ name, pid, used }) => [name, ((cpuMs(pid) - used) / passed) * 100]),
	);
}

/** Has them downloaded; one of them. */
async function submitAll({ database }: System, url: string): Promise<string> {
	const addresses = Array.from({ length: downloads }, (_, n) => {
		return `${verifiedPrefix}${n.toString(16).padStart(42 - verifiedPrefix.length, '0')}`;
	});
	for (let n = 0; n < downloads; n += 100) {
		const { errors } = await ask(
			url,
			'mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { version } }',
			{ addresses: addresses.slice(n, n + 100) },
		);
		if (errors) throw new Error(`submissions were refused: ${errors[0]?.message}`);
	}
	for (;;) {
		const [row] = await database.query<{ n: number }>(
			"select count(*) as n from contracts where status in ('CREATED', 'PROCESS')",
		);
		if (row?.n === 0) return addresses[0] ?? '';
		await sleep(100);
	}
}

/** Says what of ours costs more than it may while idle; true where nothing does, or it was not measured. */
export function idleHeld(figures: readonly Figure[]): boolean {
	const found = figures.filter(
		({ comparison, unit, title }) =>
			comparison === 'idle' && unit === percent && /^(server|worker)/.test(title),
	);
	const beyond = found.filter(({ ours }) => ours.median >= mostIdlePercent);
	for (const { title, ours } of beyond) {
		console.log(
			`NOT HELD: ${title} takes ${ours.median.toFixed(2)} % of a core, and may ${mostIdlePercent}`,
		);
	}
	return beyond.length === 0;
}
