import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Status } from '../../domain/status.ts';

export interface Unfinished {
	status: Status;
	contracts: number;
	/** Since the last accepted submission of the one that waits for longest, and not for a later attempt. */
	oldestSeconds: number;
}

export interface Outbox {
	/** Contracts that are due. */
	pending: number;
	/** How long the one has been that is due for longest. */
	oldestSeconds: number;
}

interface StatusRow extends RowDataPacket {
	status: Status;
	contracts: number;
	oldest: number | null;
}
interface DueRow extends RowDataPacket {
	pending: number;
	oldest: number | null;
}

const ageOf = (time: string) =>
	`timestampdiff(microsecond, min(${time}), utc_timestamp(3)) / 1000000`;

/** A contract whose next attempt is set for later waits as it is meant to; one that is overdue then does not. */
const submittedAndNotPutOff =
	'case when next_attempt_at is null or next_attempt_at <= utc_timestamp(3) then submitted_at end';

/**
 * By `contracts_status` and `contracts_submitted` alone: reads as many entries as are not finished. What is created
 * has not changed since, and its next attempt is an estimate; a former release does not write when the others were submitted.
 */
const unfinished = ['CREATED', 'PROCESS']
	.map((status) => {
		const since = status === 'CREATED' ? 'updated_at' : submittedAndNotPutOff;
		return `select '${status}' as status, count(*) as contracts, ${ageOf(since)} as oldest
		from contracts where status = '${status}'`;
	})
	.join(' union all ');

/** By an index alone: reads as many entries of it as are finished. */
const finished = `select status, count(*) as contracts, null as oldest
	from contracts where status in ('SUCCESS', 'ERROR') group by status`;

/** By `contracts_due` alone: reads as many entries of it as are due. */
const due = `select count(*) as pending, ${ageOf('due_at')} as oldest
	from contracts where due_at <= utc_timestamp(3)`;

export const countQueries = { unfinished, finished, due } as const;

/** The server ends its scan itself, at which the connection, and the leadership with it, is kept. */
const longestMs = 10_000;
/** Later than the server's own end: it does not answer at all. */
const graceMs = 5_000;

/**
 * A select that the server ends after so long, with an error. MariaDB alone reads the first comment, MySQL the
 * second; given up on this side alone, a statement would go on over there and hold what its connection holds.
 */
export function bounded(select: string, ms: number): string {
	return select.replace(
		/^select\b/,
		`/*M! set statement max_statement_time = ${ms / 1_000} for */ select /*+ max_execution_time(${ms}) */`,
	);
}

async function ask<Row extends RowDataPacket>(
	connection: Connection,
	select: string,
	ms = longestMs,
): Promise<Row[]> {
	const [rows] = await connection.query<Row[]>({ sql: bounded(select, ms), timeout: ms + graceMs });
	return rows;
}

export async function readUnfinished(connection: Connection): Promise<Unfinished[]> {
	return countsOf(await ask<StatusRow>(connection, unfinished), ['CREATED', 'PROCESS']);
}

/** Rejects where that takes longer than `ms`. */
export async function countFinished(
	connection: Connection,
	ms = longestMs,
): Promise<Pick<Unfinished, 'status' | 'contracts'>[]> {
	return countsOf(await ask<StatusRow>(connection, finished, ms), ['SUCCESS', 'ERROR']);
}

/** A status of which there is no contract counts too. */
function countsOf(rows: readonly StatusRow[], statuses: readonly Status[]): Unfinished[] {
	return statuses.map((status) => {
		const row = rows.find((one) => one.status === status);
		return { status, contracts: row?.contracts ?? 0, oldestSeconds: secondsOf(row) };
	});
}

export async function readOutbox(connection: Connection): Promise<Outbox> {
	const [row] = await ask<DueRow>(connection, due);
	return { pending: row?.pending ?? 0, oldestSeconds: secondsOf(row) };
}

function secondsOf(row: Pick<StatusRow, 'oldest'> | undefined): number {
	return Math.max(0, Number(row?.oldest ?? 0));
}
