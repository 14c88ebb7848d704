import type { ContractStore, JobQueue } from './ports.ts';
import type { Reporter } from './reporter.ts';

export interface SweepPorts {
	store: Pick<ContractStore, 'takeDue' | 'putOff'>;
	queue: JobQueue;
	reporter: Reporter;
	graceMs: number;
	batch: number;
}

/** Puts contracts whose time has come on the queue; true where there may be more of them. */
export type Sweep = () => Promise<boolean>;

/** Safe in many processes at once. Rejects when the database cannot be asked. */
export function createSweep({ store, queue, reporter, graceMs, batch }: SweepPorts): Sweep {
	return async () => {
		// What is taken now could not be published, and would wait for the grace once more.
		if (!queue.isOpen()) return false;
		const jobs = await store.takeDue(batch, graceMs);
		if (jobs.length === 0) return false;
		try {
			await queue.publish(jobs);
			reporter.swept(jobs.length);
			return jobs.length === batch;
		} catch (error) {
			reporter.publishFailed(jobs.length, error);
			// Taking them assumed that they would wait in the queue.
			await store.putOff(jobs, graceMs);
			return false;
		}
	};
}
