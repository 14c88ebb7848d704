import { expect, test } from 'vitest';
import { SourceError } from './errors.ts';
import { retryDelay } from './retry.ts';

const policy = { maxAttempts: 5, baseMs: 1_000, maxMs: 6_000, random: () => 0 };
const passing = new SourceError('UPSTREAM_UNAVAILABLE', 'Down.', { kind: 'back-off' });

test('a back-off doubles up to its longest, and half of it is random', () => {
	const delays = [1, 2, 3, 4].map((attempts) => retryDelay(passing, attempts, policy));
	expect(delays).toEqual([500, 1_000, 2_000, 3_000]);
	expect(retryDelay(passing, 1, { ...policy, random: () => 1 })).toBe(1_000);
});

test('a failure that may pass is final once the attempts are spent, and so is a bug', () => {
	expect(retryDelay(passing, 5, policy)).toBeNull();
	expect(retryDelay(new Error('bug'), 4, policy)).not.toBeNull();
	expect(retryDelay(new Error('bug'), 5, policy)).toBeNull();
});

test('once the attempts are spent, somebody else may still be worth waiting for', () => {
	const followUp = { kind: 'back-off', orElseWaitMs: 90_000 } as const;
	const failure = new SourceError('UPSTREAM_UNAVAILABLE', 'Down.', followUp);
	expect(retryDelay(failure, 4, policy)).toBe(3_000);
	expect(retryDelay(failure, 5, policy)).toBe(90_000);
});

test('a final failure is not tried again', () => {
	expect(
		retryDelay(new SourceError('NOT_VERIFIED', 'None.', { kind: 'final' }), 1, policy),
	).toBeNull();
});

test('an upstream that names a time is not asked before it, however many attempts there were', () => {
	const wait = new SourceError('QUOTA_EXHAUSTED', 'Later.', { kind: 'wait', atLeastMs: 90_000 });
	expect(retryDelay(wait, 50, policy)).toBe(90_000);
});
