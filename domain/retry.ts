import type { Contract, RuledOut } from './contract.ts';
import { type AfterFailure, type ContractError, SourceError } from './errors.ts';
import type { Next } from './transitions.ts';
import { later } from './wait.ts';

export interface RetryPolicy {
	/** Failed attempts after which one that may be retried is final. */
	maxAttempts: number;
	/** First back-off; doubles with each attempt. */
	baseMs: number;
	maxMs: number;
	/** In [0, 1); a parameter so that a test can choose it. */
	random: () => number;
}

/** Where a contract goes when its attempt, or the wait for it, ended with a failure. */
export function afterFailure(
	current: Contract,
	now: Date,
	failure: unknown,
	policy: RetryPolicy,
): Next {
	const error = publicError(failure);
	const failures = current.failures + (isFailure(failure) ? 1 : 0);
	const counts = { attempts: current.attempts, failures };
	const delay = retryDelay(failure, failures, policy);
	if (delay === null) return { status: 'ERROR', ...counts, ...(error && { error }) };
	return {
		status: 'PROCESS',
		...counts,
		...(error && { error }),
		ruledOut: withRuledOut(current.ruledOut, failure, now),
		// What is waited for may come sooner, such as a new key: it is looked after now and then.
		dueAt: later(now, Math.min(delay, policy.maxMs)),
		nextAttemptAt: later(now, delay),
	};
}

/** Milliseconds until the next attempt, or null where there is to be none. */
export function retryDelay(failure: unknown, failures: number, policy: RetryPolicy): number | null {
	const followUp: AfterFailure =
		failure instanceof SourceError ? failure.followUp : { kind: 'back-off' };
	if (followUp.kind === 'final') return null;
	if (followUp.kind === 'back-off' && failures >= policy.maxAttempts) {
		return followUp.orElseWaitMs ?? null;
	}
	const whole = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.max(failures - 1, 0));
	// Half of it random, so that what failed together does not come back together.
	const backOff = whole * (0.5 + policy.random() / 2);
	return Math.max(backOff, followUp.atLeastMs ?? 0);
}

/** Whether an attempt counts as failed: not where only patience is asked for. */
function isFailure(failure: unknown): boolean {
	return !(failure instanceof SourceError && ['wait', 'turn'].includes(failure.followUp.kind));
}

/** The newest word of each upstream that holds nothing. */
function withRuledOut(known: readonly RuledOut[], failure: unknown, now: Date): RuledOut[] {
	const ruledOut = failure instanceof SourceError ? failure.ruledOut : [];
	const all = [...known, ...ruledOut.map((provider) => ({ provider, at: now }))];
	return [...new Map(all.map((one) => [one.provider, one])).values()];
}

/** Nothing was asked, so nothing went wrong. */
export function isWaitForTurn(failure: unknown): boolean {
	return failure instanceof SourceError && failure.followUp.kind === 'turn';
}

/** Null where nothing went wrong. */
function publicError(failure: unknown): ContractError | null {
	if (isWaitForTurn(failure)) return null;
	if (failure instanceof SourceError) {
		return { code: failure.code, message: failure.message, retryable: failure.retryable };
	}
	return {
		code: 'INTERNAL',
		message: 'A fault of this service; it has been logged.',
		retryable: true,
	};
}
