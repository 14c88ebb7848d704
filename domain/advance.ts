import type { Contract, ContractKey, RuledOut, StatusEvent } from './contract.ts';
import { type ContractError, SourceError } from './errors.ts';
import { isFailure, type RetryPolicy, retryDelay } from './retry.ts';
import type { SourceDescription } from './source.ts';
import { mayMove, type Status } from './status.ts';

/** A contract's next state, and the event that tells of it; both are stored in one transaction. */
export interface Change {
	contract: Contract;
	event: StatusEvent;
}

/**
 * Decides what becomes of a contract, given as it stands under lock and the database's time.
 * Null: nothing, because the decision was made for a version that is no longer the newest.
 */
export type Decide = (current: Contract | null, now: Date, key: ContractKey) => Change | null;

/** Accepts a submission; null where the contract is under way, or has its source and is not to be refreshed. */
export function submit(options: { refresh: boolean; graceMs: number }): Decide {
	return (current, now, key) => {
		const again = current?.status === 'ERROR' || (current?.status === 'SUCCESS' && options.refresh);
		if (current && !again) return null;
		return move(key, current, now, { status: 'CREATED', dueAt: later(now, options.graceMs) });
	};
}

/** A worker takes the job that was published for `version`; any other version is a stale message. */
export function claim(version: number, options: { leaseMs: number; maxAttempts: number }): Decide {
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
			dueAt: later(now, options.leaseMs),
		});
	};
}

/** The download that `version` began has brought the source. */
export function succeed(version: number, source: Omit<SourceDescription, 'fetchedAt'>): Decide {
	return (current, now, key) => {
		if (current?.version !== version || current.status !== 'PROCESS') return null;
		return move(key, current, now, {
			status: 'SUCCESS',
			attempts: current.attempts,
			failures: current.failures,
			source: { ...source, fetchedAt: now },
		});
	};
}

/** The download that `version` began has failed: another attempt, or ERROR. */
export function fail(version: number, failure: unknown, policy: RetryPolicy): Decide {
	return (current, now, key) => {
		if (current?.version !== version || current.status !== 'PROCESS') return null;
		const error = publicError(failure);
		const failures = current.failures + (isFailure(failure) ? 1 : 0);
		const counts = { attempts: current.attempts, failures };
		const delay = retryDelay(failure, failures, policy);
		if (delay === null) return move(key, current, now, { status: 'ERROR', ...counts, error });
		const at = later(now, delay);
		return move(key, current, now, {
			status: 'PROCESS',
			...counts,
			error,
			dueAt: at,
			nextAttemptAt: at,
		});
	};
}

/** A worker that stops gives the download that `version` began back: due again at once. */
export function release(version: number): Decide {
	return (current, now, key) => {
		if (current?.version !== version || current.status !== 'PROCESS') return null;
		return move(key, current, now, {
			status: 'PROCESS',
			attempts: current.attempts,
			failures: current.failures,
			dueAt: now,
			nextAttemptAt: now,
		});
	};
}

interface Next {
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

/** The one place where a status is written. */
function move(key: ContractKey, current: Contract | null, now: Date, next: Next): Change {
	if (!mayMove(current?.status ?? null, next.status)) {
		throw new Error(`illegal move from ${current?.status ?? 'nothing'} to ${next.status}`);
	}
	const contract: Contract = {
		chainId: key.chainId,
		address: key.address,
		status: next.status,
		version: (current?.version ?? 0) + 1,
		attempts: next.attempts ?? 0,
		failures: next.failures ?? 0,
		dueAt: next.dueAt ?? null,
		nextAttemptAt: next.nextAttemptAt ?? null,
		error: next.error ?? null,
		ruledOut: next.ruledOut ?? [],
		depth: next.depth ?? current?.depth ?? 0,
		source: next.source ?? current?.source ?? null,
		createdAt: current?.createdAt ?? now,
		updatedAt: now,
	};
	return { contract, event: eventOf(contract) };
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
	};
}

const lost: ContractError = {
	code: 'INTERNAL',
	message: 'Every attempt was cut off before it ended; this is a fault of this service.',
	retryable: true,
};

function publicError(failure: unknown): ContractError {
	if (failure instanceof SourceError) {
		return { code: failure.code, message: failure.message, retryable: failure.retryable };
	}
	return {
		code: 'INTERNAL',
		message: 'A fault of this service; it has been logged.',
		retryable: true,
	};
}

function later(now: Date, ms: number): Date {
	return new Date(now.getTime() + Math.ceil(ms));
}
