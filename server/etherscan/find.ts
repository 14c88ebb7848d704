import type { Context } from '../../domain/context.ts';
import type { Contract, ContractKey } from '../../domain/contract.ts';
import { DomainError } from '../../domain/errors.ts';
import { type FollowContext, follow } from '../../domain/follow.ts';
import type { Asker } from '../../domain/line.ts';
import { readCachedContract } from '../../domain/read-contract.ts';
import { isFinal } from '../../domain/status.ts';
import { submit } from '../../domain/submit.ts';
import type { Client } from '../client.ts';
import type { ClientStreams, Streams } from '../subscription.ts';

export interface FindContext
	extends Pick<Context, 'store' | 'queue' | 'cache' | 'feed' | 'reads' | 'emit' | 'chains'>,
		Pick<Context, 'backlog' | 'fills' | 'graceMs' | 'notVerifiedMs' | 'pollMs' | 'attachMs'>,
		Pick<FollowContext, 'rounds'> {
	/** Those of this server. */
	streams: Streams;
	followers: ClientStreams;
	/** Longest wait for a contract that is under way. */
	waitMs: number;
	/** Runs work that is traced although its request may not be. */
	keepTrace<T>(work: () => Promise<T>): Promise<T>;
}

/** Who waits, and whether it still does. */
interface Waiter {
	client: Pick<Client, 'name'> & Asker;
	/** Whether it may submit. */
	mayChange: boolean;
	left: AbortSignal;
}

/**
 * The contract with its source, or as it stands when the wait is over or the client has left. What
 * is not there is submitted first; null where that may not be done.
 */
export async function findContract(
	context: FindContext,
	key: ContractKey,
	waiter: Waiter,
): Promise<Contract | null> {
	const known = await readCachedContract(context, key);
	// An old source is better than none, while its refresh runs and when it has failed.
	if (known && (known.source || hasJustFailed(known, context.notVerifiedMs))) return known;
	if (!waiter.mayChange) return null;
	const [submitted] = await context.keepTrace(() => submit(context, [key], 'door', waiter.client));
	if (!submitted) throw new Error('a submission gave no contract');
	if (submitted.source) return submitted;
	try {
		await waitUntilSettled(context, submitted, waiter);
	} catch (error) {
		// So many wait already that this one has to come again.
		if (error instanceof DomainError) return submitted;
		throw error;
	}
	return (await readCachedContract(context, key)) ?? submitted;
}

/** What may have passed by itself is tried again sooner. */
const passingMs = 60_000;

/** Tools ask again and again; each time anew would spend the calls of all on one address. */
function hasJustFailed({ status, error, updatedAt }: Contract, notVerifiedMs: number): boolean {
	const passing = error?.retryable === true && error.code !== 'NOT_VERIFIED';
	const holdsMs = passing ? Math.min(passingMs, notVerifiedMs) : notVerifiedMs;
	return status === 'ERROR' && Date.now() - updatedAt.getTime() < holdsMs;
}

/**
 * Waits until a contract that is under way is finished, or is put off past the wait; no longer than
 * `waitMs`, and not once `left` fires. Throws a `DomainError` where the server, or its
 * client, follows too many.
 */
export async function waitUntilSettled(
	context: FollowContext & Pick<FindContext, 'streams' | 'followers' | 'waitMs'>,
	contract: Contract,
	{ client, left }: { client: Pick<Client, 'name'>; left: AbortSignal },
): Promise<void> {
	const deadline = Date.now() + context.waitMs;
	const isPutOff = (at: Date | null) => at !== null && at.getTime() > deadline;
	if (left.aborted || isPutOff(contract.nextAttemptAt)) return;
	const events = follow(context, contract, contract.version);
	const stream = { end: () => void events.return() };
	const { followers, streams } = context;
	followers.count(client.name, [streams], 1, stream);
	const timer = setTimeout(stream.end, context.waitMs);
	left.addEventListener('abort', stream.end);
	try {
		for await (const event of events) {
			if (isFinal(event.status) || isPutOff(event.nextAttemptAt)) return;
		}
	} finally {
		clearTimeout(timer);
		left.removeEventListener('abort', stream.end);
		followers.discount(client.name, [streams], 1, stream);
	}
}
