import { announce, announceAgain, publishJobs } from './announce.ts';
import type { Context } from './context.ts';
import { type Contract, type ContractKey, keyText } from './contract.ts';
import type { Lease } from './lease.ts';
import type { Job } from './ports.ts';
import { implementationsToFollow } from './proxies.ts';
import type { FetchedSource } from './source.ts';
import { emitSubmitted } from './submit.ts';
import type { JobOutcome } from './telemetry.ts';
import type { Decide } from './transitions.ts';
import { decideFailure, decideRelease, decideSubmit, decideSuccess } from './transitions.ts';
import { pause } from './wait.ts';

export type FinishContext = Pick<
	Context,
	'store' | 'sources' | 'queue' | 'cache' | 'feed' | 'emit'
> &
	Pick<Context, 'graceMs' | 'notVerifiedMs' | 'followProxies' | 'retry'>;

/** A job that this worker has claimed. */
export interface Held {
	contract: Contract;
	lease: Lease;
	stop: AbortSignal;
}

export interface Finish {
	/** Stores the source, and in one transaction with its success submits what a proxy leads to. */
	succeed(held: Held, source: FetchedSource): Promise<JobOutcome>;
	fail(held: Held, failure: unknown): Promise<JobOutcome>;
	/** For another worker, at once. */
	release(held: Held): Promise<JobOutcome>;
	/** Whoever committed the newest change may not have told of it. */
	repeat(job: Job): Promise<void>;
}

/** Ends what a worker holds. Every method rejects only when the database fails. */
export function createFinish(context: FinishContext): Finish {
	const { store } = context;

	/** A database that is away for a moment does not cost what was downloaded, while the lease lasts. */
	async function persist<T>(work: () => Promise<T>, { lease, stop }: Held): Promise<T> {
		for (;;) {
			try {
				return await work();
			} catch (error) {
				if (lease.isNearlyOver() || stop.aborted) throw error;
				await pause(500, stop);
			}
		}
	}

	async function end(held: Held, decide: Decide, found: readonly ContractKey[] = []) {
		const { contract } = held;
		const depth = contract.depth + 1;
		const submit = decideSubmit({ ...context, refresh: false, depth });
		const each: Decide = (current, now, key) =>
			(keyText(key) === keyText(contract) ? decide : submit)(current, now, key);
		const changes = await persist(() => store.changeContracts([contract, ...found], each), held);
		await announce(context, changes);
		const [own, ...submitted] = changes;
		emitSubmitted(context, 'implementation', submitted);
		const implementations = submitted.flatMap((change) => change?.contract ?? []);
		await publishJobs(context, implementations, 'submitted');
		// Somebody else's now, or ours after all, with the answer to the commit lost.
		if (!own) await repeat(contract);
		return own?.contract ?? null;
	}

	async function repeat(job: Job): Promise<void> {
		const newest = await store.readNewestEvent(job);
		if (newest) await announceAgain(context, newest);
	}

	return {
		async succeed(held, source) {
			const { contract } = held;
			await persist(() => context.sources.saveSource(source), held);
			const found = context.followProxies
				? implementationsToFollow(contract, source.description)
				: [];
			const decide = decideSuccess(contract.version, source.description);
			return (await end(held, decide, found)) ? 'success' : 'superseded';
		},
		async fail(held, failure) {
			const ended = await end(held, decideFailure(held.contract.version, failure, context.retry));
			if (!ended) return 'superseded';
			return ended.status === 'ERROR' ? 'error' : 'retry';
		},
		async release(held) {
			const ended = await end(held, decideRelease(held.contract.version));
			if (!ended) return 'superseded';
			await publishJobs(context, [ended], 'again');
			return 'released';
		},
		repeat,
	};
}
