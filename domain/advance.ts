import type { Contract } from './contract.ts';
import type { ContractError } from './errors.ts';
import { type Decide, later, move } from './move.ts';
import { afterFailure, type RetryPolicy } from './retry.ts';
import type { SourceDescription } from './source.ts';
import { mayMove } from './status.ts';

export interface SubmitOptions {
	refresh: boolean;
	graceMs: number;
	/** How long "not verified" holds before it is looked up again. */
	notVerifiedMs: number;
	/** How many proxies led here. */
	depth?: number;
	/** Estimates, for each contract that is accepted, the milliseconds until its turn. */
	estimateMs?: () => number;
}

/** A shorter wait is no news. */
const worthTellingMs = 5_000;

/** Accepts a submission; null where `mayAccept` says no, or an upstream has just said "not verified". */
export function submit(options: SubmitOptions): Decide {
	return (current, now, key) => {
		if (!mayAccept(current, options.refresh)) return null;
		const known = current?.error?.code === 'NOT_VERIFIED' && !options.refresh;
		if (known && now < later(current.updatedAt, options.notVerifiedMs)) return null;
		const waitMs = options.estimateMs?.() ?? 0;
		return move(key, current, now, {
			status: 'CREATED',
			depth: options.depth ?? 0,
			dueAt: later(now, options.graceMs),
			...(waitMs >= worthTellingMs && { nextAttemptAt: later(now, waitMs) }),
		});
	};
}

/** Not where the contract is under way, or has its source and is not to be refreshed. */
function mayAccept(current: Contract | null, refresh: boolean): boolean {
	if (!current) return true;
	return current.status === 'ERROR' || (current.status === 'SUCCESS' && refresh);
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
			ruledOut: current.ruledOut,
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
		return move(key, current, now, afterFailure(current, now, failure, policy));
	};
}

/** As `fail`, for an attempt that could not even begin: the job as it was published stays unclaimed. */
export function postpone(version: number, failure: unknown, policy: RetryPolicy): Decide {
	return (current, now, key) => {
		if (current?.version !== version || !mayMove(current.status, 'PROCESS')) return null;
		const next = afterFailure(current, now, failure, policy);
		// Only what is in process may end.
		return next.status === 'ERROR' ? null : move(key, current, now, next);
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
			ruledOut: current.ruledOut,
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
