import type { Context } from './context.ts';
import { shareOut } from './line.ts';
import type { ContractStore, TracedJob } from './ports.ts';

/** What this process can still do itself. */
export interface Capacity {
	/** How many more jobs could be begun at once. */
	free(): number;
	begin(jobs: readonly TracedJob[]): void;
}

/** When a process looks next for jobs that the queue has lost, by `performance.now()`. */
export interface NextRecall {
	at: number;
}

export type SweepContext = Pick<
	Context,
	'queue' | 'emit' | 'graceMs' | 'leaseMs' | 'sweepBatch' | 'mostQueued' | 'nextRecall'
> & {
	store: Pick<ContractStore, 'takeDue' | 'putOff' | 'recallLost' | 'readLines' | 'takeFromLines'>;
};

/**
 * Puts due contracts on the queue, and those whose turn in a line has come; or, while there is no queue, begins as many here
 * as the capacity allows. True where there may be more. Safe in many processes at once. Rejects when the
 * database cannot be asked.
 */
export async function sweep(context: SweepContext, capacity: Capacity): Promise<boolean> {
	const { store, queue, emit, graceMs, sweepBatch } = context;
	const open = queue.isOpen();
	const limit = open ? sweepBatch : Math.min(sweepBatch, capacity.free());
	if (limit === 0) return false;
	const due = await store.takeDue(limit, graceMs);
	// What is due has been taken already, and is published whatever becomes of the lines.
	const advanced = await advanceLines(context, limit - due.length).catch((error: unknown) => {
		emit({ type: 'sweep.failed', error });
		return [];
	});
	const jobs = [...due, ...advanced];
	if (jobs.length === 0) {
		if (open) await recallLost(context, capacity);
		return false;
	}
	if (!open) {
		// A worker that stops now has no capacity any more.
		await store.putOff(beginSome(context, capacity, jobs), 0);
		return jobs.length === limit;
	}
	try {
		await queue.publish(jobs, 'again');
		emit({ type: 'jobs.swept', jobs: jobs.length, to: 'queue' });
		return jobs.length === limit;
	} catch (error) {
		emit({ type: 'jobs.publish-failed', jobs: jobs.length, error });
		// Taking them assumed that they would wait in the queue.
		await store.putOff(beginSome(context, capacity, jobs), graceMs);
		return false;
	}
}

/** Takes from each line its share of the room that there is. One in a sweep at least, however many go ahead. */
async function advanceLines(
	{ store, queue, graceMs, mostQueued }: SweepContext,
	limit: number,
): Promise<TracedJob[]> {
	const lines = limit === 0 ? new Map() : await store.readLines();
	if (lines.size === 0) return [];
	// Where the queue cannot be asked, the next sweep finds that it is not there.
	const queued = queue.isOpen() ? await queue.depth().catch(() => mostQueued) : 0;
	const room = Math.min(limit, Math.max(1, mostQueued - queued));
	return await store.takeFromLines(shareOut(room, lines, Math.random), graceMs);
}

/** As many as the capacity allows; returns the others. */
function beginSome(
	{ emit }: SweepContext,
	capacity: Capacity,
	jobs: readonly TracedJob[],
): readonly TracedJob[] {
	const begun = jobs.slice(0, capacity.free());
	if (begun.length > 0) {
		capacity.begin(begun);
		emit({ type: 'jobs.swept', jobs: begun.length, to: 'worker' });
	}
	return jobs.slice(begun.length);
}

/**
 * With the queue empty and this process idle, whatever should be waiting there has been lost, with the
 * broker's data or by a purge. It is not left until it would be due by itself.
 */
async function recallLost(context: SweepContext, capacity: Capacity): Promise<void> {
	const { store, queue, emit, graceMs, sweepBatch, nextRecall } = context;
	if (capacity.free() === 0 || performance.now() < nextRecall.at) return;
	nextRecall.at = performance.now() + graceMs;
	// A broker that does not answer has been reported elsewhere.
	if ((await queue.depth().catch(() => null)) !== 0) return;
	const jobs = await store.recallLost(sweepBatch, context);
	if (jobs > 0) emit({ type: 'jobs.recalled', jobs });
}
