import type { Contract } from '../../domain/contract.ts';
import { type FollowContext, follow } from '../../domain/follow.ts';
import { isFinal } from '../../domain/status.ts';
import { countStream, type Streams } from '../subscription.ts';

/**
 * Waits until a contract that is under way is finished, or is put off past the wait; no longer than
 * `waitMs`, and not once `left` fires. Throws a `DomainError` where the server follows too many.
 */
export async function waitUntilSettled(
	context: FollowContext & { streams: Streams },
	contract: Contract,
	waitMs: number,
	left: AbortSignal,
): Promise<void> {
	const deadline = Date.now() + waitMs;
	const isPutOff = (at: Date | null) => at !== null && at.getTime() > deadline;
	if (left.aborted || isPutOff(contract.nextAttemptAt)) return;
	const stop = new AbortController();
	const end = () => stop.abort('ended');
	const release = countStream([context.streams], 1, end);
	const timer = setTimeout(end, waitMs);
	left.addEventListener('abort', end);
	try {
		for await (const event of follow(context, contract, contract.version, stop.signal)) {
			if (isFinal(event.status) || isPutOff(event.nextAttemptAt)) return;
		}
	} finally {
		clearTimeout(timer);
		left.removeEventListener('abort', end);
		end();
		release();
	}
}
