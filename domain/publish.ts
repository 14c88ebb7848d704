import type { JobQueue, Occasion, TracedJob } from './ports.ts';
import type { Emit } from './telemetry.ts';

/** Puts jobs on the queue, or leaves that to the sweeper. Never rejects. */
export type Publish = (jobs: readonly TracedJob[], occasion: Occasion) => Promise<void>;

export function createPublish(queue: JobQueue, emit: Emit): Publish {
	return async (jobs, occasion) => {
		if (jobs.length === 0) return;
		try {
			await queue.publish(jobs, occasion);
		} catch (error) {
			emit({ type: 'jobs.publish-failed', jobs: jobs.length, error });
		}
	};
}
