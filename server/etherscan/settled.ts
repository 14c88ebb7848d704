import type { Contract } from '../../domain/contract.ts';
import type { Follow } from '../../domain/follow.ts';
import { isFinal } from '../../domain/status.ts';

/**
 * Waits until a contract that is under way is finished, or is put off past the wait; no longer than
 * `waitMs`, and not once `left` fires. Throws a `DomainError` where the server follows too many.
 */
export async function waitUntilSettled(
	follow: Follow,
	contract: Contract,
	waitMs: number,
	left: AbortSignal,
): Promise<void> {
	const deadline = Date.now() + waitMs;
	const isPutOff = (at: Date | null) => at !== null && at.getTime() > deadline;
	if (left.aborted || isPutOff(contract.nextAttemptAt)) return;
	const events = follow.one(contract, contract.version);
	const end = () => void events.return();
	const timer = setTimeout(end, waitMs);
	left.addEventListener('abort', end);
	try {
		for await (const { status, nextAttemptAt } of events) {
			if (isFinal(status) || isPutOff(nextAttemptAt)) return;
		}
	} finally {
		clearTimeout(timer);
		left.removeEventListener('abort', end);
	}
}
