import { setTimeout as sleep } from 'node:timers/promises';
import { checksummed, parseAddress } from '../../domain/address.ts';
import { deadQueue, downloadQueue } from '../../platform/rabbitmq/queues.ts';
import { checkContracts, type Sums } from './checks.ts';
import { startLoad } from './crowd.ts';
import { createDice } from './dice.ts';
import { readHistories, type Stored } from './history.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { processNames } from './links.ts';
import { createSiege, type Siege, type Strike } from './siege.ts';
import { mysqlConnections, type Stage, times } from './stage.ts';
import { everyday } from './upstream-faults.ts';
import { excess, measureUsage, type Usage } from './usage.ts';

export interface CourseOptions {
	seed: number;
	/** Clients at the same time. */
	seats: number;
	warmUpMs: number;
	/** What is broken, and when. */
	attack(siege: Siege): Promise<void>;
	say(text: string): void;
}

/** All there is to tell about a run. */
export interface Outcome {
	seed: number;
	ledger: Ledger;
	strikes: readonly Strike[];
	sums: Sums;
	histories: ReadonlyMap<string, Stored>;
	/** How many were under way when all was mended, and how long the last of them took. */
	unsettled: number;
	settledMs: number;
	before: Usage;
	after: Usage;
	starts: number;
	stage: Stage;
}

/** Warms up, measures, breaks things under load, mends all, waits for the end of every contract, and checks. */
export async function runCourse(stage: Stage, options: CourseOptions): Promise<Outcome> {
	const { seed, seats, say } = options;
	const ledger = createLedger();
	const dice = createDice(seed);
	stage.emulator.behave({ faults: everyday });

	say(`warm-up with ${seats} clients`);
	const warmUp = startLoad(stage, ledger, dice, seats);
	await sleep(options.warmUpMs);
	await warmUp.off(settled(stage));
	await settled(stage);
	const before = await calmUsage(stage, null);

	const load = startLoad(stage, ledger, dice, seats);
	const siege = createSiege(stage, ledger, seed, say);
	await options.attack(siege);

	say('all is mended; waiting for every contract and client to finish');
	stage.emulator.behave({ faults: {} });
	await stage.links.set(stage.links.all, { kind: 'open' });
	await Promise.all(processNames.map((name) => stage.processes[name].ready()));
	const { unsettled, capMs } = await patience(stage);
	const healed = performance.now();
	const first = settled(stage, capMs).then(() => performance.now() - healed);
	await load.off(first);
	const settledMs = await first;
	// Clients that submit until they are accepted may have been the last.
	await settled(stage, capMs);

	say('checking');
	const histories = await readHistories(stage.services.database);
	const sums = checkContracts(histories, (address) => stage.emulator.calls(1, address), ledger);
	await checkQueue(stage, ledger);
	const after = await calmUsage(stage, before);
	const { connections, memory } = excess(before, after, mostMysql);
	for (const what of connections) ledger.offend('connections', what);
	for (const channel of after.channels) {
		const address = checksummed(parseAddress(channel.slice(channel.lastIndexOf(':') + 1)));
		ledger.offend('connections', `${channel} has listeners`, address);
	}
	for (const what of memory) ledger.offend('memory', what);
	const processes = processNames.map((name) => stage.processes[name]);
	await Promise.all(processes.map((one) => one.stop()));
	for (const what of stage.watch.leaks) ledger.offend('leaks', what);
	for (const what of stage.watch.crashes) ledger.offend('crashes', what);
	for (const what of processes.flatMap(({ wrongExits }) => wrongExits)) {
		ledger.offend('crashes', what);
	}
	const starts = processes.reduce((sum, one) => sum + one.starts, 0);
	const { strikes } = siege;
	return {
		seed,
		ledger,
		strikes,
		sums,
		histories,
		unsettled,
		settledMs,
		before,
		after,
		starts,
		stage,
	};
}

const mostMysql = mysqlConnections * processNames.length;

/** No measure of speed: what is unfinished so long after it could have been begun again is stuck. */
async function patience({ services }: Stage): Promise<{ unsettled: number; capMs: number }> {
	const [row] = await services.database.query<{ count: number }>(
		"select count(*) count from contracts where status in ('CREATED', 'PROCESS')",
	);
	const { LEASE_MS, GRACE_MS, SWEEP_INTERVAL_MS, RETRY_MAX_MS } = times;
	const once = LEASE_MS + GRACE_MS + SWEEP_INTERVAL_MS + RETRY_MAX_MS;
	return { unsettled: row?.count ?? 0, capMs: 60_000 + once };
}

/** Resolves when nothing is unfinished, or when it is clear that something is stuck. */
async function settled({ services }: Stage, capMs = 60_000): Promise<void> {
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
async function calmUsage(stage: Stage, before: Usage | null): Promise<Usage> {
	const until = performance.now() + 30_000;
	for (;;) {
		const now = await measureUsage(stage);
		const { connections, memory } = excess(before ?? now, now, mostMysql);
		if (connections.length + memory.length === 0 || performance.now() > until) return now;
		await sleep(500);
	}
}

async function checkQueue({ services }: Stage, ledger: Ledger): Promise<void> {
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
	if (left > 0) ledger.offend('queue', `${left} messages are left in ${downloadQueue}`);
	const dead = await count(deadQueue);
	if (dead > 0) ledger.offend('queue', `${dead} messages are in ${deadQueue}`);
}
