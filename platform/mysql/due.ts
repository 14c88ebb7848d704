import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Job, TracedJob } from '../../domain/ports.ts';
import type { Database } from './connection.ts';
import { readLines } from './lines.ts';
import { among, is } from './rows.ts';
import { contracts } from './tables.ts';

/** A job that waits in a long queue is published again ever more rarely, but at least this often. */
const longestWaitMs = 600_000;

/** What is due later waits for a quota or an upstream, and not for its turn. */
const soonMinutes = 15;

const { chainId, address, version, trace } = contracts;

export async function countWaiting(database: Database) {
	const soon = sql`timestampadd(minute, ${soonMinutes}, utc_timestamp(3))`;
	const [queued, lines] = await Promise.all([
		database.$count(contracts, sql`${contracts.dueAt} <= ${soon}`),
		readLines(database),
	]);
	return { queued, lines };
}

/** What was created waits since then; its next attempt is an estimate. */
const waitsSince = sql`if(${contracts.status} = 'CREATED', ${contracts.updatedAt}, coalesce(${contracts.nextAttemptAt}, ${contracts.updatedAt}))`;

export async function takeDue(
	database: Database,
	limit: number,
	graceMs: number,
): Promise<TracedJob[]> {
	const isDue = sql`${contracts.dueAt} <= utc_timestamp(3)`;
	// Mostly nothing is due, as every worker finds out every second: no transaction for that.
	const [some] = await database.select({ chainId }).from(contracts).where(isDue).limit(1);
	if (!some) return [];
	return database.transaction(async (tx) => {
		const rows = await tx
			.select({ chainId, address, version, trace })
			.from(contracts)
			.where(isDue)
			.orderBy(contracts.dueAt)
			.limit(limit)
			.for('update', { skipLocked: true });
		if (rows.length === 0) return [];
		const waited = sql`timestampdiff(microsecond, ${waitsSince}, utc_timestamp(3))`;
		const pause = sql`least(greatest(${waited}, ${graceMs * 1000}), ${longestWaitMs * 1000})`;
		await tx
			.update(contracts)
			.set({ dueAt: sql`timestampadd(microsecond, ${pause}, utc_timestamp(3))`, line: null })
			.where(among(contracts, rows));
		return rows;
	});
}

/** A contract that a worker holds is left alone. */
export async function recallLost(
	database: Database,
	limit: number,
	{ graceMs, leaseMs }: { graceMs: number; leaseMs: number },
): Promise<number> {
	const inMs = (ms: number) => sql`timestampadd(microsecond, ${ms * 1000}, utc_timestamp(3))`;
	// One that is held is due when its lease ends; one whose lease has ended was due twice as late at least.
	const leaseEnded = sql`${contracts.dueAt} > timestampadd(microsecond, ${leaseMs * 1500}, ${contracts.updatedAt})`;
	const waits = sql`(${contracts.status} = 'CREATED' or if(${contracts.nextAttemptAt} is null, ${leaseEnded}, ${contracts.nextAttemptAt} <= utc_timestamp(3)))`;
	// What waits for longer waits for a quota, and was never on the queue. Read without a lock: they may be many.
	const jobs = await database
		.select({ chainId, address, version })
		.from(contracts)
		.where(
			and(
				sql`${contracts.dueAt} > ${inMs(graceMs)}`,
				sql`${contracts.dueAt} <= ${inMs(longestWaitMs)}`,
				waits,
			),
		)
		.orderBy(contracts.dueAt)
		.limit(limit);
	await putOff(database, jobs, graceMs);
	return jobs.length;
}

export async function putOff(database: Database, jobs: readonly Job[], ms: number): Promise<void> {
	for (const job of jobs) {
		await database
			.update(contracts)
			.set({ dueAt: sql`timestampadd(microsecond, ${ms * 1000}, utc_timestamp(3))` })
			.where(
				and(is(contracts, job), eq(contracts.version, job.version), isNotNull(contracts.dueAt)),
			);
	}
}
