import * as advance from './advance.ts';
import type { Announce } from './announce.ts';
import type { Contract } from './contract.ts';
import type { ContractStore, Job, JobQueue, SourceStore, Upstream } from './ports.ts';
import type { JobOutcome, Reporter } from './reporter.ts';
import type { RetryPolicy } from './retry.ts';
import { pause } from './wait.ts';

export interface DownloadPorts {
	store: ContractStore;
	sources: SourceStore;
	upstream: Upstream;
	queue: JobQueue;
	announce: Announce;
	reporter: Reporter;
	/** How long a claim holds before somebody else may take the job. */
	leaseMs: number;
	retry: RetryPolicy;
}

/** `redelivered`: the broker has handed this message out before, so its worker may have died. */
export type Download = (job: Job, redelivered: boolean, stop: AbortSignal) => Promise<JobOutcome>;

interface Attempt {
	decide: advance.Decide;
	failure?: unknown;
}

interface End {
	outcome: JobOutcome;
	failure?: unknown;
}

/**
 * Does one job: claim, download, store, finish. Rejects only when the database fails, and then
 * `due_at` brings the job back; every other failure becomes a state of the contract.
 * When `stop` fires the job is given back for another worker.
 */
export function createDownload(ports: DownloadPorts): Download {
	const { store, announce, reporter } = ports;

	async function apply(job: Job, decide: advance.Decide): Promise<Contract | null> {
		const [change] = await store.change([job], decide);
		if (!change) return null;
		await announce.committed([change]);
		return change.contract;
	}

	async function attempt(held: Job, stop: AbortSignal): Promise<Attempt> {
		// The last fifth of the lease is kept for storing what was downloaded.
		const started = performance.now();
		const signal = AbortSignal.any([stop, AbortSignal.timeout(ports.leaseMs * 0.8)]);
		try {
			const source = await ports.upstream.fetch(held, signal);
			await persist(() => ports.sources.save(source), started + ports.leaseMs * 0.8, stop);
			return { decide: advance.succeed(held.version, source.description) };
		} catch (failure) {
			if (stop.aborted) return { decide: advance.release(held.version) };
			return { decide: advance.fail(held.version, failure, ports.retry), failure };
		}
	}

	async function run(job: Job, redelivered: boolean, stop: AbortSignal): Promise<End> {
		const limits = { leaseMs: ports.leaseMs, maxAttempts: ports.retry.maxAttempts };
		const claimed = await apply(job, advance.claim(job.version, limits));
		if (!claimed) {
			if (redelivered) await repeat(job);
			return { outcome: 'stale' };
		}
		if (claimed.status === 'ERROR') return { outcome: 'error' };
		const held = { ...job, version: claimed.version };
		const until = performance.now() + ports.leaseMs * 0.9;
		const { decide, ...rest } = await attempt(held, stop);
		const ended = await persist(() => apply(held, decide), until, stop);
		// Somebody else's now, or ours after all, with the answer to the commit lost.
		if (!ended) await repeat(job);
		if (ended?.status === 'PROCESS' && !ended.error) await giveBack(ended);
		return { outcome: outcomeOf(ended), ...rest };
	}

	/** A database that is away for a moment does not cost what was downloaded, while the lease lasts. */
	async function persist<T>(work: () => Promise<T>, until: number, stop: AbortSignal): Promise<T> {
		for (;;) {
			try {
				return await work();
			} catch (error) {
				if (performance.now() > until || stop.aborted) throw error;
				await pause(500, stop);
			}
		}
	}

	/** Whoever committed the newest change may not have told of it. */
	async function repeat(job: Job): Promise<void> {
		const newest = await store.newestEvent(job);
		if (newest) await announce.again(newest);
	}

	async function giveBack(contract: Contract): Promise<void> {
		try {
			await ports.queue.publish([contract]);
		} catch (error) {
			reporter.publishFailed(1, error);
		}
	}

	return async (job, redelivered, stop) => {
		const started = performance.now();
		const seconds = () => (performance.now() - started) / 1000;
		reporter.jobStarted(job);
		try {
			const { outcome, failure } = await run(job, redelivered, stop);
			reporter.jobEnded(job, outcome, seconds(), failure);
			return outcome;
		} catch (error) {
			reporter.jobEnded(job, 'failed', seconds(), error);
			throw error;
		}
	};
}

function outcomeOf(ended: Contract | null): JobOutcome {
	if (!ended) return 'superseded';
	if (ended.status === 'SUCCESS') return 'success';
	if (ended.status === 'ERROR') return 'error';
	return ended.error ? 'retry' : 'released';
}
