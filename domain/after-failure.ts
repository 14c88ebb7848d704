import type { Contract, RuledOut } from './contract.ts';
import { type ContractError, SourceError } from './errors.ts';
import { isFailure, isWaitForTurn, type RetryPolicy, retryDelay } from './retry.ts';
import type { Next } from './transitions.ts';
import { later } from './wait.ts';

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
	const at = later(now, delay);
	return {
		status: 'PROCESS',
		...counts,
		...(error && { error }),
		ruledOut: withRuledOut(current.ruledOut, failure, now),
		// What is waited for may come sooner, such as a new key: it is looked after now and then.
		dueAt: later(now, Math.min(delay, policy.maxMs)),
		nextAttemptAt: at,
	};
}

/** The newest word of each upstream that holds nothing. */
function withRuledOut(known: readonly RuledOut[], failure: unknown, now: Date): RuledOut[] {
	const said = failure instanceof SourceError ? failure.ruledOut : [];
	const all = [...known, ...said.map((provider) => ({ provider, at: now }))];
	return [...new Map(all.map((one) => [one.provider, one])).values()];
}

/** Null where nothing went wrong: it only waits for its turn. */
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
