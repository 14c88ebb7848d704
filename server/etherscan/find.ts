import type { ReadContract } from '../../domain/cached-contract.ts';
import type { Contract, ContractKey } from '../../domain/contract.ts';
import { DomainError } from '../../domain/errors.ts';
import type { FollowContext } from '../../domain/follow.ts';
import type { Submit } from '../../domain/submit.ts';
import type { Streams } from '../subscription.ts';
import { waitUntilSettled } from './settled.ts';

export interface FindPorts extends FollowContext {
	cachedContract: ReadContract;
	submit: Submit;
	streams: Streams;
	/** Longest wait for a contract that is under way. */
	waitMs: number;
	/** How long an error is the answer before the contract is submitted again. */
	notVerifiedMs: number;
}

/** What may have passed by itself is tried again sooner. */
const passingMs = 60_000;

/**
 * The contract with its source, or as it stands when the wait is over or the client has left. What
 * is not there is submitted first.
 */
export type Find = (key: ContractKey, left: AbortSignal) => Promise<Contract>;

export function createFind(ports: FindPorts): Find {
	return async (key, left) => {
		const known = await ports.cachedContract(key);
		// An old source is better than none, while its refresh runs and when it has failed.
		if (known && (known.source || hasJustFailed(known))) return known;
		const [submitted] = await ports.submit([key], 'door');
		if (!submitted) throw new Error('a submission gave no contract');
		if (submitted.source) return submitted;
		try {
			await waitUntilSettled(ports, submitted, ports.waitMs, left);
		} catch (error) {
			// So many wait already that this one has to come again.
			if (error instanceof DomainError) return submitted;
			throw error;
		}
		return (await ports.cachedContract(key)) ?? submitted;
	};

	/** Tools ask again and again; each time anew would spend the calls of all on one address. */
	function hasJustFailed({ status, error, updatedAt }: Contract): boolean {
		const passing = error?.retryable === true && error.code !== 'NOT_VERIFIED';
		const holdsMs = passing ? Math.min(passingMs, ports.notVerifiedMs) : ports.notVerifiedMs;
		return status === 'ERROR' && Date.now() - updatedAt.getTime() < holdsMs;
	}
}
