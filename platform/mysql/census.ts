import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Status } from '../../domain/status.ts';

export interface Unfinished {
	status: Status;
	contracts: number;
	/** Since the last accepted submission of the one that waits for longest. */
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

/**
 * By `contracts_status` and `contracts_submitted` alone: reads as many entries as are not finished. What is created
 * has not changed since; a former release does not write when the others were submitted.
 */
const unfinished = ['CREATED', 'PROCESS']
	.map((status) => {
		const since = status === 'CREATED' ? 'updated_at' : 'submitted_at';
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

/** A database that takes so long has other worries. */
const timeout = 10_000;

export const censusQueries = { unfinished, finished, due } as const;

export async function readUnfinished(connection: Connection): Promise<Unfinished[]> {
	const [rows] = await connection.query<StatusRow[]>({ sql: unfinished, timeout });
	return (['CREATED', 'PROCESS'] as const).map((status) => {
		const row = rows.find((one) => one.status === status);
		return {
			status,
			contracts: row?.contracts ?? 0,
			oldestSeconds: Math.max(0, Number(row?.oldest ?? 0)),
		};
	});
}

export async function countFinished(connection: Connection): Promise<[Status, number][]> {
	const [rows] = await connection.query<StatusRow[]>({ sql: finished, timeout });
	return (['SUCCESS', 'ERROR'] as const).map((status) => [
		status,
		rows.find((one) => one.status === status)?.contracts ?? 0,
	]);
}

export async function readOutbox(connection: Connection): Promise<Outbox> {
	const [rows] = await connection.query<DueRow[]>({ sql: due, timeout });
	return {
		pending: rows[0]?.pending ?? 0,
		oldestSeconds: Math.max(0, Number(rows[0]?.oldest ?? 0)),
	};
}
