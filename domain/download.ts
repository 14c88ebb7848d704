import { announce } from './announce.ts';
import type { Context } from './context.ts';
import type { Contract } from './contract.ts';
import { SourceError } from './errors.ts';
import {
	type FinishContext,
	fail,
	release,
	repeatNewestEvent,
	startLease,
	succeed,
} from './finish.ts';
import type { Job, SourceTurn } from './ports.ts';
import type { JobOutcome } from './telemetry.ts';
import { type Decide, decideClaim, decidePostpone } from './transitions.ts';

export type DownloadContext = FinishContext & Pick<Context, 'upstreams' | 'leaseMs'>;

/**
 * Does one job: wait for its turn, claim, fetch, store, finish. Rejects only when the database fails, and
 * then `due_at` brings the job back; every other failure becomes a state of the contract. When `stop`
 * fires the job is given back for another worker.
 * `redelivered`: the broker has handed this message out before, so its worker may have died.
 */
export async function download(
	context: DownloadContext,
	job: Job,
	redelivered: boolean,
	stop: AbortSignal,
): Promise<JobOutcome> {
	const { emit } = context;
	const started = performance.now();
	const seconds = () => (performance.now() - started) / 1000;
	emit({ type: 'job.started', job });
	try {
		const { outcome, failure } = await attempt(context, job, redelivered, stop);
		emit({ type: 'job.ended', job, outcome, seconds: seconds(), error: failure });
		return outcome;
	} catch (error) {
		emit({ type: 'job.ended', job, outcome: 'failed', seconds: seconds(), error });
		throw error;
	}
}

/** How a job ended, and the failure that led there. */
interface End {
	outcome: JobOutcome;
	failure?: unknown;
}

async function attempt(
	context: DownloadContext,
	job: Job,
	redelivered: boolean,
	stop: AbortSignal,
): Promise<End> {
	const current = await context.store.readContract(job);
	if (current?.version !== job.version) return stale(context, job, redelivered);

	const turn = await takeTurn(context, job, current, stop);
	if ('outcome' in turn) return turn;

	// Claimed with the turn at hand, so that nobody holds a lease while waiting for it.
	const contract = await claim(context, job, turn);
	if (!contract) return stale(context, job, redelivered);
	if (contract.status !== 'PROCESS') return { outcome: 'error' };

	using lease = startLease(context.leaseMs, stop);
	const held = { contract, lease, stop };
	try {
		const source = await turn.fetch(lease.signal);
		return { outcome: await succeed(context, held, source) };
	} catch (failure) {
		if (stop.aborted) return { outcome: await release(context, held) };
		return { outcome: await fail(context, held, failure), failure };
	}
}

/** The turn, or how the job ended without one: it waits, or is given back. */
async function takeTurn(
	context: DownloadContext,
	job: Job,
	current: Contract,
	stop: AbortSignal,
): Promise<SourceTurn | End> {
	const { store, retry, upstreams } = context;
	try {
		return await upstreams.takeTurn({ key: job, ruledOut: ruledOutNow(context, current) }, stop);
	} catch (failure) {
		if (stop.aborted) {
			// A sweeper publishes it: this worker's message of it ends with the job.
			await store.putOff([job], 0);
			return { outcome: 'released' };
		}
		if (failure instanceof SourceError) {
			if (stillWaits(current, failure)) {
				await store.putOff([job], Math.min(retry.maxMs, pauseOf(failure)));
				return { outcome: 'retry', failure };
			}
			const waiting = await change(context, job, decidePostpone(job.version, failure, retry));
			if (waiting) return { outcome: 'retry', failure };
		}
		// It is to end, and only a claimed job may.
		return { fetch: () => Promise.reject(failure), giveBack() {} };
	}
}

/** By this process' clock: one that is wrong costs a call too many, or a late answer. */
function ruledOutNow({ notVerifiedMs }: DownloadContext, { ruledOut }: Contract) {
	return ruledOut
		.filter(({ at }) => Date.now() - at.getTime() < notVerifiedMs)
		.map(({ provider }) => provider);
}

/** The contract in PROCESS, or in ERROR after an attempt too many; null where the job is somebody else's by now. */
async function claim(
	context: DownloadContext,
	job: Job,
	turn: SourceTurn,
): Promise<Contract | null> {
	const limits = { leaseMs: context.leaseMs, maxAttempts: context.retry.maxAttempts };
	let claimed: Contract | null = null;
	try {
		claimed = await change(context, job, decideClaim(job.version, limits));
		return claimed;
	} finally {
		if (claimed?.status !== 'PROCESS') turn.giveBack();
	}
}

async function change(
	context: DownloadContext,
	job: Job,
	decide: Decide,
): Promise<Contract | null> {
	const changes = await context.store.changeContracts([job], decide);
	await announce(context, changes);
	return changes[0]?.contract ?? null;
}

async function stale(context: DownloadContext, job: Job, redelivered: boolean): Promise<End> {
	if (redelivered) await repeatNewestEvent(context, job);
	return { outcome: 'stale' };
}

/** A new estimate that differs by less is not announced. */
const sameMs = 120_000;

/** Whether all that is to be said of the wait has been said already, by this process' clock. */
function stillWaits({ nextAttemptAt, error }: Contract, failure: SourceError): boolean {
	const { code, followUp } = failure;
	if (followUp.kind !== 'wait' || error?.code !== code || nextAttemptAt === null) return false;
	return Math.abs(Date.now() + pauseOf(failure) - nextAttemptAt.getTime()) < sameMs;
}

function pauseOf({ followUp }: SourceError): number {
	return followUp.kind === 'final' ? 0 : (followUp.atLeastMs ?? 0);
}
