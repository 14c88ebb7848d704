import { checksummed, parseAddress } from '../../domain/address.ts';
import type { Status } from '../../domain/status.ts';
import type { Database } from './database.ts';

/** One row of `contract_events`. */
export interface StoredEvent {
	version: number;
	status: Status;
	attempt: number;
	errorCode: string | null;
	nextAttemptAt: Date | null;
	at: Date;
}

/** A contract as the database has it, with all that happened to it. */
export interface Stored {
	address: string;
	status: Status;
	version: number;
	dueAt: Date | null;
	events: StoredEvent[];
}

type ContractRow = { hex: string; status: Status; version: number; dueAt: Date | null };
type EventRow = StoredEvent & { hex: string };

export async function readHistories({ query }: Database): Promise<Map<string, Stored>> {
	const contracts = await query<ContractRow>(
		'select lower(hex(address)) hex, status, version, due_at dueAt from contracts',
	);
	const events = await query<EventRow>(
		`select lower(hex(address)) hex, version, status, attempt, error_code errorCode,
			next_attempt_at nextAttemptAt, at
		from contract_events order by chain_id, address, version`,
	);
	const byContract = Map.groupBy(events, ({ hex }) => hex);
	return new Map(
		contracts.map(({ hex, ...row }) => {
			const address = checksummed(parseAddress(`0x${hex}`));
			return [address, { ...row, address, events: byContract.get(hex) ?? [] }];
		}),
	);
}

/** For a person. */
export function describe({ address, status, version, dueAt, events }: Stored): string {
	const due = dueAt ? `, due ${dueAt.toISOString()}` : '';
	const lines = events.map((event) => {
		const error = event.errorCode ? ` ${event.errorCode}` : '';
		const next = event.nextAttemptAt ? ` next ${event.nextAttemptAt.toISOString()}` : '';
		return `    ${event.at.toISOString()} v${event.version} ${event.status} ${event.attempt}${error}${next}`;
	});
	return [`  ${address} is ${status} v${version}${due}`, ...lines].join('\n');
}
