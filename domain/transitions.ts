import type { VerbOptions } from './context.ts';
import {
	type Contract,
	type ContractKey,
	type Held,
	newContract,
	type RuledOut,
	type StatusEvent,
} from './contract.ts';
import type { ContractError } from './errors.ts';
import type { ProxyFacts } from './proxy.ts';
import { afterFailure, type RetryPolicy } from './retry.ts';
import type { SourceDescription } from './source.ts';
import { mayMove, type Status } from './status.ts';
import { later } from './wait.ts';

/** A contract's next state, and the event that records it; both are stored in one transaction. */
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
	held?: Held | null;
	/** Stays as it is unless it is said anew. */
	proxy?: ProxyFacts | null;
	depth?: number;
	line?: number;
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
	held: null,
	line: null,
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
function eventOf(contract: Contract): StatusEvent {
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

/** A new contract begins above the versions of one that was removed: who knows those has seen nothing of it. */
export function above(version: number, { from, contract, event }: Change): Change {
	return {
		from,
		contract: { ...contract, version: contract.version + version },
		event: { ...event, version: event.version + version },
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

interface SubmitOptions extends Pick<VerbOptions, 'graceMs' | 'notVerifiedMs'> {
	refresh: boolean;
	/** How many proxies led here. */
	depth?: number;
	/** Where each contract that is accepted waits, and the estimated milliseconds until its turn. */
	place?: () => { line: number | null; waitMs: number };
}

/** In a line it is not due: longer than any line lasts. One that nobody lets advance for so long is. */
const inLineMs = 30 * 86_400_000;

/** A shorter wait is no news. */
const worthReportingMs = 5_000;

/** Accepts a submission; null where `mayAccept` says no, or an upstream has just said "not verified". */
export function decideSubmit(options: SubmitOptions): Decide {
	return (current, now, key) => {
		if (!mayAccept(current, options.refresh)) return null;
		const known = current?.error?.code === 'NOT_VERIFIED' && !options.refresh;
		if (known && now < later(current.updatedAt, options.notVerifiedMs)) return null;
		const { line, waitMs } = options.place?.() ?? { line: null, waitMs: 0 };
		return move(key, current, now, {
			status: 'CREATED',
			depth: options.depth ?? 0,
			...(line === null
				? { dueAt: later(now, options.graceMs) }
				: { line, dueAt: later(now, inLineMs) }),
			...(waitMs >= worthReportingMs && { nextAttemptAt: later(now, waitMs) }),
		});
	};
}

/** Not where the contract is under way, or has its source and is not to be refreshed. */
function mayAccept(current: Contract | null, refresh: boolean): boolean {
	if (!current) return true;
	return current.status === 'ERROR' || (current.status === 'SUCCESS' && refresh);
}

/** A worker takes the job that was published for `version`; any other version is a stale message. */
export function decideClaim(
	version: number,
	options: { leaseMs: number; maxAttempts: number },
): Decide {
	return (current, now, key) => {
		if (current?.version !== version || !mayMove(current.status, 'PROCESS')) return null;
		// Still under way for somebody, and yet due: that worker is gone.
		const cutOff = current.status === 'PROCESS' && current.nextAttemptAt === null;
		const failures = current.failures + (cutOff ? 1 : 0);
		const { attempts } = current;
		if (cutOff && failures >= options.maxAttempts) {
			return move(key, current, now, { status: 'ERROR', attempts, failures, error: lost });
		}
		return move(key, current, now, {
			status: 'PROCESS',
			attempts: attempts + 1,
			failures,
			ruledOut: current.ruledOut,
			held: current.held,
			dueAt: later(now, options.leaseMs),
		});
	};
}

/** The download that `version` began has brought the source. */
export function decideSuccess(
	version: number,
	source: Omit<SourceDescription, 'fetchedAt'>,
): Decide {
	return (current, now, key) => {
		if (current?.version !== version || current.status !== 'PROCESS') return null;
		return move(key, current, now, {
			status: 'SUCCESS',
			attempts: current.attempts,
			failures: current.failures,
			source: { ...source, fetchedAt: now },
			proxy: null,
		});
	};
}

/** The download that `version` began has failed: another attempt, or ERROR. */
export function decideFailure(version: number, failure: unknown, policy: RetryPolicy): Decide {
	return (current, now, key) => {
		if (current?.version !== version || current.status !== 'PROCESS') return null;
		return move(key, current, now, afterFailure(current, now, failure, policy, 'begun'));
	};
}

/** As `decideFailure`, for an attempt that could not even begin: the job as it was published stays unclaimed. */
export function decidePostpone(version: number, failure: unknown, policy: RetryPolicy): Decide {
	return (current, now, key) => {
		if (current?.version !== version || !mayMove(current.status, 'PROCESS')) return null;
		const next = afterFailure(current, now, failure, policy, 'not begun');
		// Only what is in process may end.
		return next.status === 'ERROR' ? null : move(key, current, now, next);
	};
}

/** A worker that stops gives the download that `version` began back: due again at once. */
export function decideRelease(version: number): Decide {
	return (current, now, key) => {
		if (current?.version !== version || current.status !== 'PROCESS') return null;
		return move(key, current, now, {
			status: 'PROCESS',
			attempts: current.attempts,
			failures: current.failures,
			ruledOut: current.ruledOut,
			held: current.held,
			dueAt: now,
			nextAttemptAt: now,
		});
	};
}

const lost: ContractError = {
	code: 'INTERNAL',
	message: 'Every attempt was cut off before it ended; this is a fault of this service.',
	retryable: true,
};
