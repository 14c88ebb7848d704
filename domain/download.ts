import { announce } from './announce.ts';
import type { Context } from './context.ts';
import type { Contract } from './contract.ts';
import { SourceError } from './errors.ts';
import { createFinish, type FinishContext } from './finish.ts';
import { createLease } from './lease.ts';
import type { Job } from './ports.ts';
import type { JobOutcome } from './telemetry.ts';
import type { Decide } from './transitions.ts';
import { decideClaim, decidePostpone } from './transitions.ts';

export type DownloadContext = FinishContext & Pick<Context, 'upstream' | 'leaseMs'>;

/** `redelivered`: the broker has handed this message out before, so its worker may have died. */
export type Download = (job: Job, redelivered: boolean, stop: AbortSignal) => Promise<JobOutcome>;

interface End {
	outcome: JobOutcome;
	failure?: unknown;
}

/** The claim is made when the turn has come, so that nobody holds a lease while waiting for it. */
interface Claim {
	contract: Contract | null;
	/** The database failed, and not the upstream. */
	failed: boolean;
	/** Whether the job is held now. */
	make(): Promise<boolean>;
}

/**
 * Does one job: wait for its turn, claim, download, store, finish. Rejects only when the database fails,
 * and then `due_at` brings the job back; every other failure becomes a state of the contract.
 * When `stop` fires the job is given back for another worker.
 */
export function createDownload(context: DownloadContext): Download {
	const { store, emit, retry } = context;
	const finish = createFinish(context);

	async function apply(job: Job, decide: Decide): Promise<Contract | null> {
		const changes = await store.changeContracts([job], decide);
		await announce(context, changes);
		return changes[0]?.contract ?? null;
	}

	function claimOf(job: Job, started: () => void): Claim {
		const limits = { leaseMs: context.leaseMs, maxAttempts: retry.maxAttempts };
		const claim: Claim = {
			contract: null,
			failed: false,
			async make() {
				try {
					claim.contract = await apply(job, decideClaim(job.version, limits));
				} catch (error) {
					claim.failed = true;
					throw error;
				}
				if (claim.contract?.status !== 'PROCESS') return false;
				started();
				return true;
			},
		};
		return claim;
	}

	async function run(job: Job, redelivered: boolean, stop: AbortSignal): Promise<End> {
		const current = await store.readContract(job);
		if (current?.version !== job.version) return stale(job, redelivered);
		using lease = createLease(context.leaseMs, stop);
		const claim = claimOf(job, () => lease.start());
		const request = { key: job, ruledOut: ruledOutNow(current), begin: () => claim.make() };
		try {
			const source = await context.upstream.fetch(request, lease.signal);
			const { contract } = claim;
			if (!contract) return stale(job, redelivered);
			if (!source) return { outcome: 'error' };
			return { outcome: await finish.succeed({ contract, lease, stop }, source) };
		} catch (failure) {
			if (claim.failed) throw failure;
			if (!claim.contract) {
				const end = await notBegun(job, current, failure, stop);
				if (end) return end;
				// Only a claimed job may end.
				if (!(await claim.make())) return stale(job, redelivered);
			}
			if (!claim.contract) throw failure;
			const held = { contract: claim.contract, lease, stop };
			if (stop.aborted) return { outcome: await finish.release(held) };
			return { outcome: await finish.fail(held, failure), failure };
		}
	}

	/** No call was made: the job waits, or is given back; null where it is to end. */
	async function notBegun(
		job: Job,
		current: Contract,
		failure: unknown,
		stop: AbortSignal,
	): Promise<End | null> {
		if (stop.aborted) {
			// A sweeper publishes it: this worker's message of it ends with the job.
			await store.putOff([job], 0);
			return { outcome: 'released' };
		}
		if (!(failure instanceof SourceError)) return null;
		if (stillWaits(current, failure)) {
			await store.putOff([job], Math.min(retry.maxMs, pauseOf(failure)));
			return { outcome: 'retry', failure };
		}
		const waiting = await apply(job, decidePostpone(job.version, failure, retry));
		return waiting && { outcome: 'retry', failure };
	}

	/** By this process' clock: one that is wrong costs a call too many, or a late answer. */
	function ruledOutNow({ ruledOut }: Contract) {
		return ruledOut
			.filter(({ at }) => Date.now() - at.getTime() < context.notVerifiedMs)
			.map(({ provider }) => provider);
	}

	async function stale(job: Job, redelivered: boolean): Promise<End> {
		if (redelivered) await finish.repeat(job);
		return { outcome: 'stale' };
	}

	return async (job, redelivered, stop) => {
		const started = performance.now();
		const seconds = () => (performance.now() - started) / 1000;
		emit({ type: 'job.started', job });
		try {
			const { outcome, failure } = await run(job, redelivered, stop);
			emit({ type: 'job.ended', job, outcome, seconds: seconds(), error: failure });
			return outcome;
		} catch (error) {
			emit({ type: 'job.ended', job, outcome: 'failed', seconds: seconds(), error });
			throw error;
		}
	};
}

/** An estimate that is off by less is not told anew. */
const sameMs = 120_000;

/** Whether all that could be told has been told already, by this process' clock. */
function stillWaits({ nextAttemptAt, error }: Contract, failure: SourceError): boolean {
	const { code, followUp } = failure;
	if (followUp.kind !== 'wait' || error?.code !== code || nextAttemptAt === null) return false;
	return Math.abs(Date.now() + pauseOf(failure) - nextAttemptAt.getTime()) < sameMs;
}

function pauseOf({ followUp }: SourceError): number {
	return followUp.kind === 'final' ? 0 : (followUp.atLeastMs ?? 0);
}
