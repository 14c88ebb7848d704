import { and, asc, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Contract, ContractKey } from '../../domain/contract.ts';
import type { ContractErrorCode } from '../../domain/errors.ts';
import type { Position } from '../../domain/ports.ts';
import type { Status } from '../../domain/status.ts';
import type { Database } from '../../platform/mysql/connection.ts';
import { among, contractOf, selectContracts } from '../../platform/mysql/rows.ts';
import { contractEvents, contracts } from '../../platform/mysql/tables.ts';

/** Which contracts a person on call means; what is absent does not matter. */
export interface OnCallFilter {
	keys?: readonly ContractKey[] | undefined;
	statuses?: readonly Status[] | undefined;
	error?: ContractErrorCode | undefined;
	chainId?: number | undefined;
	/** Unchanged for so long. */
	olderThanMs?: number | undefined;
	/** Changed before: what a command itself has changed is not met again. */
	before?: Date | undefined;
}

const { status, dueAt, nextAttemptAt, updatedAt, chainId, address } = contracts;
const unfinished = inArray(status, ['CREATED', 'PROCESS']);
const ago = (ms: number) =>
	sql`timestampadd(microsecond, ${-Math.round(ms * 1_000)}, utc_timestamp(3))`;

export async function readDatabaseTime(database: Database): Promise<Date> {
	const [row] = await database
		.select({ now: sql`utc_timestamp(3)`.mapWith(updatedAt) })
		.from(sql`dual`);
	if (!row) throw new Error('the database did not say its time');
	return row.now;
}

/** The one that has not changed for longest first, from behind a position. */
export async function findContracts(
	database: Database,
	filter: OnCallFilter,
	limit: number,
	after: Position | null = null,
): Promise<Contract[]> {
	const behind = after
		? or(
				gt(updatedAt, after.updatedAt),
				and(eq(updatedAt, after.updatedAt), gt(chainId, after.chainId)),
				and(eq(updatedAt, after.updatedAt), eq(chainId, after.chainId), gt(address, after.address)),
			)
		: undefined;
	const rows = await selectContracts(database)
		.where(and(matches(filter), behind))
		.orderBy(asc(updatedAt), asc(chainId), asc(address))
		.limit(limit);
	return rows.map(contractOf);
}

export function countContracts(database: Database, filter: OnCallFilter): Promise<number> {
	return database.$count(contracts, matches(filter));
}

function matches(filter: OnCallFilter): SQL | undefined {
	return and(
		filter.keys && (among(contracts, filter.keys) ?? sql`false`),
		filter.statuses && inArray(status, [...filter.statuses]),
		filter.error && eq(contracts.errorCode, filter.error),
		filter.chainId === undefined ? undefined : eq(chainId, filter.chainId),
		filter.olderThanMs === undefined ? undefined : sql`${updatedAt} < ${ago(filter.olderThanMs)}`,
		filter.before && sql`${updatedAt} <= ${sql.param(filter.before, updatedAt)}`,
	);
}

/** `unswept`: its time has come and no sweeper has seen to it. `unclaimed`: published, and no worker took it. */
export type StuckWhy = 'unswept' | 'unclaimed';

export interface Stuck {
	contract: Contract;
	why: StuckWhy;
}

/**
 * Contracts for which something ought to have happened more than `forMs` ago. What waits for an attempt in
 * the future is not among them, nor what a worker may still hold.
 */
export async function findStuck(
	database: Database,
	{ forMs, leaseMs }: { forMs: number; leaseMs: number },
	limit: number,
): Promise<Stuck[]> {
	const unswept = or(isNull(dueAt), sql`${dueAt} < ${ago(forMs)}`);
	const held = sql`if(${status} = 'PROCESS', ${leaseMs * 1_000}, 0)`;
	const expected = sql`coalesce(${nextAttemptAt}, timestampadd(microsecond, ${held}, ${updatedAt}))`;
	const rows = await selectContracts(database)
		.where(and(unfinished, or(unswept, sql`${expected} < ${ago(forMs)}`)))
		.orderBy(asc(updatedAt), asc(chainId), asc(address))
		.limit(limit);
	const now = await readDatabaseTime(database);
	return rows.map((row) => {
		const contract = contractOf(row);
		const late = (contract.dueAt?.getTime() ?? 0) < now.getTime() - forMs;
		return { contract, why: late ? 'unswept' : 'unclaimed' };
	});
}

export interface Unfinished {
	contract: Contract;
	submittedAt: Date;
}

/** Unfinished contracts by when they were last submitted, the oldest first. */
export async function findOldest(
	database: Database,
	only: Status | undefined,
	limit: number,
): Promise<Unfinished[]> {
	// Every submission is an event, and the newest of them began what is not finished.
	const submittedAt = database
		.select({ at: sql`max(${contractEvents.at})`.as('at') })
		.from(contractEvents)
		.where(
			and(
				eq(contractEvents.chainId, chainId),
				eq(contractEvents.address, address),
				eq(contractEvents.status, 'CREATED'),
			),
		);
	const since = sql`coalesce((${submittedAt}), ${contracts.createdAt})`;
	const rows = await database
		.select({ contract: contracts, submittedAt: since.mapWith(updatedAt).as('submitted_at') })
		.from(contracts)
		.where(only ? eq(status, only) : unfinished)
		.orderBy(sql`submitted_at`)
		.limit(limit);
	return rows.map((row) => ({
		contract: contractOf({ contract: row.contract, description: null }),
		submittedAt: row.submittedAt,
	}));
}

export interface Overview {
	byStatus: Record<Status, number>;
	/** Contracts whose time has come. */
	due: number;
	/** Since when the longest of them waits; null for none. */
	oldestDueAt: Date | null;
	/** The unfinished one that has not changed for the longest time; null for none. */
	oldestChangeAt: Date | null;
	now: Date;
}

export async function readOverview(database: Database): Promise<Overview> {
	const counts = await database
		.select({ status, count: sql`count(*)`.mapWith(Number) })
		.from(contracts)
		.groupBy(status);
	const [due] = await database
		.select({
			count: sql`count(*)`.mapWith(Number),
			oldest: sql<Date | null>`min(${dueAt})`.mapWith(dueAt),
			now: sql`utc_timestamp(3)`.mapWith(updatedAt),
		})
		.from(contracts)
		.where(sql`${dueAt} <= utc_timestamp(3)`);
	const [oldest] = await database
		.select({ at: sql<Date | null>`min(${updatedAt})`.mapWith(updatedAt) })
		.from(contracts)
		.where(unfinished);
	if (!due || !oldest) throw new Error('the database did not count');
	const byStatus = { CREATED: 0, PROCESS: 0, SUCCESS: 0, ERROR: 0 };
	for (const row of counts) byStatus[row.status] = row.count;
	return {
		byStatus,
		due: due.count,
		oldestDueAt: due.oldest,
		oldestChangeAt: oldest.at,
		now: due.now,
	};
}
