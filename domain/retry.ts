import type { Contract, Held, RuledOut } from './contract.ts';
import { type AfterFailure, type ContractError, SourceError } from './errors.ts';
import type { Next } from './transitions.ts';
import { later } from './wait.ts';

export interface RetryPolicy {
	/** Failed attempts after which one that may be retried is final. */
	maxAttempts: number;
	/** First back-off; doubles with each attempt. */
	baseMs: number;
	maxMs: number;
	/** For how long upstreams may ask for patience with one contract. */
	patienceMs: number;
	/** In [0, 1); a parameter so that a test can choose it. */
	random: () => number;
}

/** For how long upstreams may say that their quota is spent, reset after reset. */
const quotaPatienceMs = 7 * 86_400_000;

/** Where a contract goes when its attempt, or the wait for it, ended with a failure. */
export function afterFailure(
	current: Contract,
	now: Date,
	failure: unknown,
	policy: RetryPolicy,
	/** What keeps an attempt from beginning concerns all contracts, and not this one. */
	attempt: 'begun' | 'not begun',
): Next {
	const error = publicError(failure);
	const failures = current.failures + (isFailure(failure) ? 1 : 0);
	const { attempts } = current;
	const begun = attempt === 'begun';
	const held = begun ? heldBy(current.held, failure, now) : current.held;
	const counts = { attempts, failures };
	const common = { ...counts, ...proxyOf(current, failure), ...(error && { error }) };
	const isLimit = begun && isRateLimit(failure, failures, policy);
	const isOver = isHeldTooLong(held, now, isLimit ? policy.patienceMs : Infinity);
	const delay =
		isOver && !isWaitForTurn(failure)
			? laterElsewhere(held, now, failure)
			: retryDelay(failure, isLimit ? Math.max(failures, attempts) : failures, policy);
	if (delay === null) return { status: 'ERROR', ...common };
	return {
		status: 'PROCESS',
		...common,
		ruledOut: withRuledOut(current.ruledOut, failure, now),
		held,
		// What is waited for may come sooner, such as a new key: it is looked after now and then.
		dueAt: later(now, isLimit ? delay : Math.min(delay, policy.maxMs)),
		nextAttemptAt: later(now, delay),
	};
}

/** Milliseconds until the next attempt, or null where there is to be none. */
export function retryDelay(failure: unknown, failures: number, policy: RetryPolicy): number | null {
	const followUp = followUpOf(failure);
	if (followUp.kind === 'final') return null;
	const whole = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.max(failures - 1, 0));
	// Half of it random, so that what failed together does not come back together.
	const backOff = whole * (0.5 + policy.random() / 2);
	if (followUp.kind === 'back-off' && failures >= policy.maxAttempts) {
		return followUp.orElseWaitMs === undefined ? null : Math.max(backOff, followUp.orElseWaitMs);
	}
	return Math.max(backOff, followUp.atLeastMs ?? 0);
}

function followUpOf(failure: unknown): AfterFailure {
	return failure instanceof SourceError ? failure.followUp : { kind: 'back-off' };
}

function isQuota(failure: unknown): boolean {
	return failure instanceof SourceError && failure.code === 'QUOTA_EXHAUSTED';
}

/** All that keeps it is that an upstream asks for fewer calls, in answer to one about this contract. */
function isRateLimit(failure: unknown, failures: number, { maxAttempts }: RetryPolicy): boolean {
	const followUp = followUpOf(failure);
	if (followUp.kind === 'wait') return !isQuota(failure);
	if (followUp.kind !== 'back-off' || failures < maxAttempts) return false;
	return followUp.orElseWaitMs !== undefined && !followUp.orElseQuota;
}

/** Begins with the first word of patience, and ends with the submission. */
function heldBy(before: Held | null, failure: unknown, now: Date): Held | null {
	const followUp = followUpOf(failure);
	const waits = followUp.kind === 'wait' || (followUp.kind === 'back-off' && followUp.orElseWaitMs);
	if (!waits) return before;
	const since = before?.since ?? now;
	if (isQuota(failure)) return { since, limitedSince: null };
	return { since, limitedSince: before?.limitedSince ?? now };
}

function isHeldTooLong(held: Held | null, now: Date, patienceMs: number): boolean {
	if (!held) return false;
	const limitedSince = held.limitedSince ?? now;
	return isPast(held.since, quotaPatienceMs, now) || isPast(limitedSince, patienceMs, now);
}

function isPast(since: Date, ms: number, now: Date): boolean {
	return now.getTime() - since.getTime() >= ms;
}

/** Where one upstream's patience is spent, the quota of another may still be worth waiting for. */
function laterElsewhere(held: Held | null, now: Date, failure: unknown): number | null {
	const followUp = followUpOf(failure);
	const isOver = held && isPast(held.since, quotaPatienceMs, now);
	if (isOver || followUp.kind !== 'wait' || !followUp.orElseQuota) return null;
	return followUp.orElseWaitMs ?? null;
}

/** The newest word on what it leads to: an upstream that was asked before in this submission need not say it again. */
function proxyOf(current: Contract, failure: unknown): Pick<Next, 'proxy'> {
	if (!(failure instanceof SourceError)) return {};
	if (failure.proxy) return { proxy: failure.proxy };
	const isFirstWord = failure.ruledOut.length > 0 && current.ruledOut.length === 0;
	return isFirstWord ? { proxy: null } : {};
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
