import { setTimeout as sleep } from 'node:timers/promises';
import { openWs } from '../../test/harness/client.ts';
import { randomAddress } from '../../test/harness/contracts.ts';
import { openSystem, type System } from '../../test/harness/system.ts';
import { openWriter } from '../../test/harness/writer.ts';
import { asInProduction, type Bench } from '../bench.ts';
import { openLoop } from '../open-loop.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { startListening } from '../setup/started.ts';
import { answerOf, cpuMs, type Request } from '../wrk/wrk.ts';

/** Below what anything carries: at the limit groups are larger, and each of what they hold is cheaper. */
const perSecond = { read: 500, submission: 200 };
const downloads = 1_000;
const followed = 1_000;
const changesOfEach = 5;
/** A connection may have no more. */
const perConnection = 100;

const fields = 'address status version source { name }';

/** Processor time that one of each takes, of every process that has a part in it. */
export async function compareCosts(bench: Bench): Promise<Figure[]> {
	const { extent, signal, say } = bench;
	const stack = bench.stack.use(new AsyncDisposableStack());
	const env = { PATH: process.env['PATH'] ?? '' };
	const upstream = stack.use(
		await startListening(process.execPath, ['bench/worker/upstream.ts'], env),
	);
	const url = await bench.sinkUrl();
	const system = stack.use(
		await openSystem({
			env: {
				...{ ...asInProduction, ETHERSCAN_URL: `${upstream.url}/v2/api` },
				...{ LOKI_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: url },
			},
		}),
	);
	const server = await system.server();
	const services = { ...bench.pids, Redis: await redisPid(system) };
	const figures: Figure[] = [];
	const measured = async (
		work: string,
		own: Record<string, number>,
		act: () => Promise<number>,
	): Promise<void> => {
		signal.throwIfAborted();
		say(work);
		const all = Object.entries({ ...own, ...services });
		const before = all.map(([, pid]) => cpuMs(pid));
		const count = await act();
		for (const [n, [name, pid]] of all.entries()) {
			const cpu = (cpuMs(pid) - (before[n] ?? 0)) / count;
			const subject = { comparison: 'costs', title: `${work}: ${name}`, unit } as const;
			const samples = [{ value: cpu, cpu }];
			figures.push(figureOf({ ...subject, better: 'lower' }, [{ name, samples }]));
		}
	};

	const seconds = Math.max(5, 2 * extent.seconds);
	const steadily = async (requests: readonly Request[], rate: number, forSeconds = seconds) =>
		(await openLoop(server, requests, { rate, seconds: forSeconds, signal })).length;
	const submissions = (count: number) => {
		const addresses = Array.from({ length: count }, () => randomAddress());
		const requests = addresses.map((address) =>
			graphql(`mutation { submitContract(address: "${address}") { ${fields} } }`),
		);
		return { addresses, requests };
	};

	const wanted = Math.max(downloads, perSecond.submission * seconds);
	// So that all code is compiled.
	await steadily(submissions(600).requests, 300, 2);
	const { addresses, requests } = submissions(wanted);
	await measured('submitContract', { server: server.pid }, () =>
		steadily(requests, perSecond.submission, wanted / perSecond.submission),
	);

	const worker = await system.worker();
	const left = await unfinished(system);
	await untilLeft(system, left - 600, signal);
	const from = await unfinished(system);
	await measured('download of 20 KB', { worker: worker.pid }, async () => {
		await untilLeft(system, 0, signal);
		return from;
	});
	await worker.stop();

	for (const field of ['contract', 'cachedContract'] as const) {
		const reads = addresses.slice(0, 1_000).map((address) => read(field, address));
		for (const one of reads) await answerOf(server, one);
		await steadily(reads, perSecond.read, 2);
		await measured(field, { server: server.pid }, () => steadily(reads, perSecond.read));
	}

	await using writer = await openWriter(system);
	const keys = Array.from({ length: followed }, () => writer.fresh());
	const clients = Array.from({ length: followed / perConnection }, () => openWs(server.url));
	let events = 0;
	const count = () => {
		events += 1;
	};
	const failures: unknown[] = [];
	for (const [n, { address }] of keys.entries()) {
		clients[n % clients.length]?.subscribe(
			{
				query: `subscription ($address: Address!) { contractStatus(address: $address) { version status } }`,
				variables: { address },
			},
			{ next: count, error: (error) => failures.push(error), complete: () => {} },
		);
	}
	for (const client of clients) {
		for await (const _ of client.iterate({ query: '{ __typename }' })) break;
	}
	await measured('event, from the change to its subscriber', { server: server.pid }, async () => {
		for (let n = 0; n < changesOfEach; n += 1) {
			// Not all at once, which nobody's workers do.
			for (let start = 0; start < keys.length; start += 20) {
				await Promise.all(keys.slice(start, start + 20).map((key) => writer.change(key)));
			}
		}
		while (events < followed * changesOfEach) {
			signal.throwIfAborted();
			if (failures.length > 0) throw new Error(`a subscription was refused: ${failures[0]}`);
			await sleep(20);
		}
		return events;
	});
	await Promise.all(clients.map((client) => client.dispose()));
	await stack.disposeAsync();
	return figures;
}

const unit = 'ms of processor for one';

function graphql(query: string, variables = {}): Request {
	return { method: 'POST', path: '/graphql', body: { query, variables } };
}

function read(field: string, address: string): Request {
	const query = `query ($address: Address!) { ${field}(address: $address) { ${fields} } }`;
	return graphql(query, { address });
}

async function redisPid({ redis }: System): Promise<number> {
	return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
}

async function unfinished({ database }: System): Promise<number> {
	const [row] = await database.query<{ n: number }>(
		"select count(*) as n from contracts where status in ('CREATED', 'PROCESS')",
	);
	return row?.n ?? 0;
}

async function untilLeft(system: System, most: number, signal: AbortSignal): Promise<void> {
	while ((await unfinished(system)) > most) {
		signal.throwIfAborted();
		await sleep(50);
	}
}
