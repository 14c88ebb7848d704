import type { Contract } from '../../domain/contract.ts';

/** Whether a worker downloads it now. To publish it again would end that download in vain. */
export function isHeld(
	{ status, nextAttemptAt, updatedAt }: Contract,
	now: Date,
	leaseMs: number,
): boolean {
	const claimed = status === 'PROCESS' && nextAttemptAt === null;
	return claimed && now.getTime() - updatedAt.getTime() < leaseMs;
}
