import { type AfterFailure, SourceError } from './errors.ts';

export interface RetryPolicy {
	/** Failed attempts after which one that may be retried is final. */
	maxAttempts: number;
	/** First back-off; doubles with each attempt. */
	baseMs: number;
	maxMs: number;
	/** In [0, 1); a parameter so that a test can choose it. */
	random: () => number;
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

/** Nothing was asked, so nothing went wrong. */
export function isWaitForTurn(failure: unknown): boolean {
	return failure instanceof SourceError && failure.followUp.kind === 'turn';
}

/** Whether an attempt counts as failed: not where only patience is asked for. */
export function isFailure(failure: unknown): boolean {
	return !(failure instanceof SourceError && ['wait', 'turn'].includes(failure.followUp.kind));
}
