import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../../test/harness/client.ts';
import { samples, untilMetric } from '../../test/harness/metrics.ts';
import { type Clients, startClients } from './clients.ts';
import { boundMs, finishWithin, type Load } from './load.ts';
import { busySeconds } from './processes.ts';
import { type PhaseResult, resultOf, type Sample } from './result.ts';
import { hotAddresses, ratesOf } from './schedule.ts';
import { openStressSystem, type StressSystem, type SystemOptions } from './system.ts';
import type { Tally } from './tally.ts';

/** Puts one load on a system of its own, and waits until every contract is finished, or for as long as it may take. */
export async function runPhase(
	load: Load,
	options: SystemOptions,
	say: (text: string) => void,
): Promise<PhaseResult> {
	await using system = await openStressSystem(options);
	await Promise.race([fill(system), system.broken]);
	if (load.cache === 'warm') await Promise.race([system.warmUp(), system.broken]);
	await using clients = await startClients(load.clients, {
		url: system.url,
		rates: ratesOf(load.rate),
		seconds: load.seconds,
		connections: load.connections,
		inTimeMs: boundMs,
		patienceMs: finishWithin * 1_000,
		folder: options.folder,
	});
	const before = usedBy(system, clients);
	const start = Date.now() + 500;
	clients.start(start);
	const watching = watch(system, load, clients.tally, { start, say });
	const watched = await Promise.race([watching, system.broken, clients.broken]);
	const used = usedSince(before, usedBy(system, clients));
	return resultOf(load, clients.tally, {
		samples: watched,
		contracts: await contractsOf(system),
		cpu: used,
		elapsed: (Date.now() - start) / 1_000,
	});
}

/** Processor time so far in seconds: of the system's parts, of the load, and of all that runs on the machine. */
function usedBy(system: StressSystem, clients: Clients): Record<string, number> {
	const { user, system: kernel } = process.cpuUsage();
	const load = clients.cpu() + (user + kernel) / 1e6;
	return { ...system.cpu(), load, machine: busySeconds() };
}

function usedSince(
	before: Record<string, number>,
	after: Record<string, number>,
): Record<string, number> {
	const used = Object.entries(after).map(([name, at]): [string, number] => [
		name,
		at - (before[name] ?? 0),
	]);
	const { machine = 0, ...ours } = Object.fromEntries(used);
	const sum = Object.values(ours).reduce((all, seconds) => all + seconds, 0);
	return { ...ours, 'other programs': Math.max(0, machine - sum) };
}

/** Has the hot contracts finished; nobody has read one, so the cache is empty. */
async function fill(system: StressSystem): Promise<void> {
	const submit = `mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { status } }`;
	const { errors } = await ask(system.url, submit, { addresses: hotAddresses });
	if (errors)
		throw new Error(`the hot contracts could not be submitted: ${JSON.stringify(errors)}`);
	while ((await waiting(system)) > 0) await sleep(100);
	// A message ends only after its cache entry is dropped: a later drop would void the ticket of a warm-up.
	for (const worker of system.workers) await untilMetric(worker, 'messaging_in_flight', 0);
}

async function waiting({ database }: StressSystem): Promise<number> {
	const [row] = await database.query<{ n: number }>(
		'select count(*) n from contracts where due_at is not null',
	);
	return Number(row?.n ?? 0);
}

/** Shows what happens each second, until all is done or nothing more may be waited for. */
async function watch(
	system: StressSystem,
	{ rate, seconds, clients, cache }: Load,
	tally: Tally,
	{ start, say }: { start: number; say: (text: string) => void },
): Promise<Sample[]> {
	const found: Sample[] = [];
	let isLooking = false;
	/** A busy server takes its time, and a look is work for it: no more of them than the plots need. */
	async function look(): Promise<void> {
		isLooking = true;
		const reads = await cacheReads(system).catch(() => undefined);
		if (reads) found.push({ second: Math.floor((Date.now() - start) / 1_000), ...reads });
		isLooking = false;
	}

	let last = { due: 0, answered: 0 };
	let allSent = Number.POSITIVE_INFINITY;
	for (let second = 0; ; second += 1) {
		// Half a second later the clients have said what the second before brought.
		await sleep(Math.max(0, start + second * 1_000 + 500 - Date.now()));
		const left = await waiting(system);
		found.push({ second, waiting: left });
		if (!isLooking && second % 2 === 0) void look();
		const all = sumOf(tally);
		const failed = all.failed > 0 ? `, ${all.failed} FAILED` : '';
		say(
			`${rate}/s ${cache} ${String(second).padStart(3)} s: offered ${all.due - last.due}/s, answered ${all.answered - last.answered}/s, in flight ${tally.inFlight}, following ${tally.following}, waiting contracts ${left}${failed}`,
		);
		last = all;
		if (tally.ended < clients) continue;
		allSent = Math.min(allSent, second);
		if (left === 0) break;
		if (second > Math.max(allSent, seconds) + finishWithin) break;
	}
	const reads = await cacheReads(system);
	found.push({ second: Math.ceil((Date.now() - start) / 1_000), ...reads });
	return found;
}

function sumOf({ totals }: Tally): { due: number; answered: number; failed: number } {
	const all = Object.values(totals);
	const sum = (name: 'due' | 'answered' | 'failed') => all.reduce((n, one) => n + one[name], 0);
	return { due: sum('due'), answered: sum('answered'), failed: sum('failed') };
}

/** Since the server started. */
async function cacheReads(system: StressSystem): Promise<{ hits: number; reads: number }> {
	const counted = [...(await samples(system))].filter(([name]) =>
		name.startsWith('cache_requests_total{'),
	);
	const sum = (rows: typeof counted) => rows.reduce((all, [, count]) => all + count, 0);
	return {
		hits: sum(counted.filter(([name]) => name.includes('result="hit"'))),
		reads: sum(counted),
	};
}

/** As the database has them at the end, by its own clock. */
async function contractsOf({ database }: StressSystem): Promise<PhaseResult['contracts']> {
	const rows = await database.query<{ status: string; n: number }>(
		'select status, count(*) n from contracts group by status',
	);
	const [times] = await database.query<{ seconds: string | null }>(
		'select timestampdiff(microsecond, max(submitted_at), max(updated_at)) / 1e6 seconds from contracts',
	);
	const count = (...statuses: string[]) =>
		rows
			.filter(({ status }) => statuses.includes(status))
			.reduce((all, { n }) => all + Number(n), 0);
	return {
		success: count('SUCCESS') - hotAddresses.length,
		error: count('ERROR'),
		unfinished: count('CREATED', 'PROCESS'),
		finishSeconds: count('CREATED', 'PROCESS') > 0 ? null : Number(times?.seconds ?? 0),
	};
}
