import {
	type Contract,
	type ContractKey,
	newContract,
	type RuledOut,
	type StatusEvent,
} from './contract.ts';
import type { ContractError } from './errors.ts';
import type { SourceDescription } from './source.ts';
import { mayMove, type Status } from './status.ts';

/** A contract's next state, and the event that tells of it; both are stored in one transaction. */
export interface Change {
	/** Where it stood before; null for a new one. */
	from: Status | null;
	contract: Contract;
	event: StatusEvent;
}

/**
 * Decides what becomes of a contract, given as it stands under lock and the database's time.
 * Null: nothing, because the decision was made for a version that is no longer the newest.
 */
export type Decide = (current: Contract | null, now: Date, key: ContractKey) => Change | null;

/** What changes; counts that are not named start anew. */
export interface Next {
	status: Status;
	attempts?: number;
	failures?: number;
	dueAt?: Date;
	nextAttemptAt?: Date;
	error?: ContractError;
	ruledOut?: RuledOut[];
	depth?: number;
	source?: SourceDescription;
}

/** What starts anew with every move that does not say otherwise. */
const countsAnew = {
	attempts: 0,
	failures: 0,
	dueAt: null,
	nextAttemptAt: null,
	error: null,
	ruledOut: [],
} satisfies Partial<Contract>;

/** The one place where a status is written. */
export function move(key: ContractKey, current: Contract | null, now: Date, next: Next): Change {
	if (!mayMove(current?.status ?? null, next.status)) {
		throw new Error(`illegal move from ${current?.status ?? 'nothing'} to ${next.status}`);
	}
	const before = current ?? newContract(key, now);
	const contract: Contract = {
		...before,
		...countsAnew,
		...next,
		version: before.version + 1,
		updatedAt: now,
		...submissionOf(current, now, next.status),
	};
	return { from: current?.status ?? null, contract, event: eventOf(contract) };
}

/** An earlier release that runs beside this one leaves what it finds: then the trace is another submission's. */
function submissionOf(current: Contract | null, now: Date, next: Status) {
	if (next === 'CREATED' || !current) return { submittedAt: now, trace: null };
	const { status, updatedAt, submittedAt, trace } = current;
	if (status !== 'CREATED' || submittedAt?.getTime() === updatedAt.getTime()) {
		return { submittedAt, trace };
	}
	return { submittedAt: updatedAt, trace: null };
}

/** The event that brought a contract to where it stands. */
export function eventOf(contract: Contract): StatusEvent {
	return {
		chainId: contract.chainId,
		address: contract.address,
		version: contract.version,
		status: contract.status,
		attempt: contract.attempts,
		error: contract.error,
		nextAttemptAt: contract.nextAttemptAt,
		at: contract.updatedAt,
		trace: null,
	};
}

/** Notes the span that caused a change; a submission's stays with the contract for all that follows. */
export function traced({ from, contract, event }: Change, trace: string | null): Change {
	const submitted = contract.status === 'CREATED';
	return {
		from,
		contract: submitted ? { ...contract, trace } : contract,
		event: { ...event, trace },
	};
}

export function later(now: Date, ms: number): Date {
	return new Date(now.getTime() + Math.ceil(ms));
}
