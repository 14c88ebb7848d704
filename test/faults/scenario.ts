import { setTimeout as sleep } from 'node:timers/promises';
import { checksummed, parseAddress } from '../../domain/address.ts';
import { deadQueue, downloadQueue } from '../../platform/rabbitmq/queues.ts';
import { checkContracts, type Sums } from './checks.ts';
import { startLoad } from './clients.ts';
import { createFaultRun, type FaultRun, type InjectedFault } from './fault-run.ts';
import { readHistories, type Stored } from './history.ts';
import { processNames } from './links.ts';
import { createObservations, type Observations } from './observations.ts';
import { mysqlConnections, type ProxiedSystem, times } from './proxied-system.ts';
import { createRandom } from './random.ts';
import { everyday } from './upstream-faults.ts';
import { excess, measureUsage, type Usage } from './usage.ts';

export interface ScenarioOptions {
	seed: number;
	/** Clients at the same time. */
	clients: number;
	warmUpMs: number;
	/** What is broken, and when. */
	runFaults(faultRun: FaultRun): Promise<void>;
	say(text: string): void;
}

/** Everything about a run. */
export interface Outcome {
	seed: number;
	observations: Observations;
	injected: readonly InjectedFault[];
	sums: Sums;
	histories: ReadonlyMap<string, Stored>;
	/** How many were under way when all was repaired, and how long the last of them took. */
	unsettled: number;
	settledMs: number;
	before: Usage;
	after: Usage;
	starts: number;
	system: ProxiedSystem;
}

/** Warms up, measures, breaks things under load, repairs all, waits for the end of every contract, and checks. */
export async function runScenario(
	system: ProxiedSystem,
	options: ScenarioOptions,
): Promise<Outcome> {
	const { seed, clients, say } = options;
	const observations = createObservations();
	const random = createRandom(seed);
	system.emulator.behave({ faults: everyday });

	say(`warm-up with ${clients} clients`);
	const warmUp = startLoad(system, observations, random, clients);
	await sleep(options.warmUpMs);
	await warmUp.off(settled(system));
	await settled(system);
	const before = await calmUsage(system, null);

	const load = startLoad(system, observations, random, clients);
	const faultRun = createFaultRun(system, observations, seed, say);
	await options.runFaults(faultRun);

	say('all is repaired; waiting for every contract and client to finish');
	system.emulator.behave({ faults: {} });
	await system.links.set(system.links.all, { kind: 'open' });
	await Promise.all(processNames.map((name) => system.processes[name].ready()));
	const { unsettled, capMs } = await patience(system);
	const healed = performance.now();
	const first = settled(system, capMs).then(() => performance.now() - healed);
	await load.off(first);
	const settledMs = await first;
	// Clients that submit until they are accepted may have been the last.
	await settled(system, capMs);

	say('checking');
	const histories = await readHistories(system.services.database);
	const sums = checkContracts(
		histories,
		(address) => system.emulator.calls(1, address),
		observations,
	);
	await checkQueue(system, observations);
	const after = await calmUsage(system, before);
	const { connections, memory } = excess(before, after, mostMysql);
	for (const what of connections) observations.violate('connections', what);
	for (const channel of after.channels) {
		const address = checksummed(parseAddress(channel.slice(channel.lastIndexOf(':') + 1)));
		observations.violate('connections', `${channel} has listeners`, address);
	}
	for (const what of memory) observations.violate('memory', what);
	const processes = processNames.map((name) => system.processes[name]);
	await Promise.all(processes.map((one) => one.stop()));
	for (const what of system.watch.leaks) observations.violate('leaks', what);
	for (const what of system.watch.crashes) observations.violate('crashes', what);
	for (const what of processes.flatMap(({ wrongExits }) => wrongExits)) {
		observations.violate('crashes', what);
	}
	const starts = processes.reduce((sum, one) => sum + one.starts, 0);
	const { injected } = faultRun;
	return {
		seed,
		observations,
		injected,
		sums,
		histories,
		unsettled,
		settledMs,
		before,
		after,
		starts,
		system,
	};
}

const mostMysql = mysqlConnections * processNames.length;

/** No measure of speed: what is unfinished so long after it could have been begun again is stuck. */
async function patience({
	services,
}: ProxiedSystem): Promise<{ unsettled: number; capMs: number }> {
	const [row] = await services.database.query<{ count: number }>(
		"select count(*) count from contracts where status in ('CREATED', 'PROCESS')",
	);
	const { LEASE_MS, GRACE_MS, SWEEP_INTERVAL_MS, RETRY_MAX_MS } = times;
	const once = LEASE_MS + GRACE_MS + SWEEP_INTERVAL_MS + RETRY_MAX_MS;
	return { unsettled: row?.count ?? 0, capMs: 60_000 + once };
}

/** Resolves when nothing is unfinished, or when it is clear that something is stuck. */
async function settled({ services }: ProxiedSystem, capMs = 60_000): Promise<void> {
	const until = performance.now() + capMs;
	for (;;) {
		const [row] = await services.database.query<{ count: number }>(
			`select count(*) count from contracts where status in ('CREATED', 'PROCESS')`,
		);
		if (row?.count === 0 || performance.now() > until) return;
		await sleep(200);
	}
}

/** Measured when what is closing has closed. */
async function calmUsage(system: ProxiedSystem, before: Usage | null): Promise<Usage> {
	const until = performance.now() + 30_000;
	for (;;) {
		const now = await measureUsage(system);
		const { connections, memory } = excess(before ?? now, now, mostMysql);
		if (connections.length + memory.length === 0 || performance.now() > until) return now;
		await sleep(500);
	}
}

async function checkQueue({ services }: ProxiedSystem, observations: Observations): Promise<void> {
	const count = async (queue: string) => {
		const path = `queues/%2F/${queue}?disable_stats=true&enable_queue_totals=true`;
		return (await services.broker<{ messages?: number }>('GET', path))?.messages ?? 0;
	};
	const until = performance.now() + 30_000;
	let left = await count(downloadQueue);
	while (left > 0 && performance.now() < until) {
		await sleep(500);
		left = await count(downloadQueue);
	}
	if (left > 0) observations.violate('queue', `${left} messages are left in ${downloadQueue}`);
	const dead = await count(deadQueue);
	if (dead > 0) observations.violate('queue', `${dead} messages are in ${deadQueue}`);
}
