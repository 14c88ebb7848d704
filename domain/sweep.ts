import type { ContractStore, JobQueue, TracedJob } from './ports.ts';
import type { Emit } from './telemetry.ts';

/** Who works on jobs in this process. */
export interface Hands {
	/** How many more could be begun at once. */
	free(): number;
	begin(jobs: readonly TracedJob[]): void;
}

export interface SweepPorts {
	store: Pick<ContractStore, 'takeDue' | 'putOff' | 'recallLost'>;
	queue: JobQueue;
	hands: Hands;
	emit: Emit;
	graceMs: number;
	leaseMs: number;
	batch: number;
}

/** Sees to contracts whose time has come; true where there may be more of them. */
export type Sweep = () => Promise<boolean>;

/**
 * Puts due contracts on the queue, or, while there is none, begins as many here as there are hands.
 * Safe in many processes at once. Rejects when the database cannot be asked.
 */
export function createSweep(ports: SweepPorts): Sweep {
	const { store, queue, hands, emit, graceMs } = ports;
	let lookAt = 0;

	/** As many as there are hands; returns the others. */
	function beginSome(jobs: readonly TracedJob[]): readonly TracedJob[] {
		const begun = jobs.slice(0, hands.free());
		if (begun.length > 0) {
			hands.begin(begun);
			emit({ type: 'jobs.swept', jobs: begun.length, to: 'worker' });
		}
		return jobs.slice(begun.length);
	}

	/**
	 * With the queue empty and hands idle here, whatever should be waiting there has been lost, with the
	 * broker's data or by a purge. It is not left until it would be due by itself.
	 */
	async function recallLost(): Promise<void> {
		if (hands.free() === 0 || performance.now() < lookAt) return;
		lookAt = performance.now() + graceMs;
		// A broker that does not answer has been told of elsewhere.
		if ((await queue.depth().catch(() => null)) !== 0) return;
		const count = await store.recallLost(ports.batch, ports);
		if (count > 0) emit({ type: 'jobs.recalled', jobs: count });
	}

	return async () => {
		const open = queue.isOpen();
		const limit = open ? ports.batch : Math.min(ports.batch, hands.free());
		if (limit === 0) return false;
		const jobs = await store.takeDue(limit, graceMs);
		if (jobs.length === 0) {
			if (open) await recallLost();
			return false;
		}
		if (!open) {
			// A worker that stops at this moment has no hands any more.
			await store.putOff(beginSome(jobs), 0);
			return jobs.length === limit;
		}
		try {
			await queue.publish(jobs, 'again');
			emit({ type: 'jobs.swept', jobs: jobs.length, to: 'queue' });
			return jobs.length === limit;
		} catch (error) {
			emit({ type: 'jobs.publish-failed', jobs: jobs.length, error });
			// Taking them assumed that they would wait in the queue.
			await store.putOff(beginSome(jobs), graceMs);
			return false;
		}
	};
}
