import { level, orZero, rate, ratio, series, within } from './promql.ts';

/** What users are promised; alerts burn the same budgets. */
export const promises = {
	errorShare: 0.001,
	answerSeconds: 0.25,
	finishSeconds: 60,
	finishShare: 0.95,
	stuckSeconds: 300,
} as const;

const requests = { type: '!=subscription' } as const;
const faults = { type: '!=subscription', outcome: 'server_error' } as const;

/** Requests that failed by our fault; a client's own mistakes do not count. */
export function errorShare(over?: string): string {
	const choice = over ? { over } : {};
	return ratio(
		orZero(rate('graphql_operation_duration_seconds', { where: faults, ...choice })),
		rate('graphql_operation_duration_seconds', { where: requests, ...choice }),
	);
}

/** 1: nothing used of what 30 days allow; below 0: the promise is broken. */
export const budgetLeft = `1 - (${errorShare('30d')}) / ${promises.errorShare}`;

export const finishedInTime = within(promises.finishSeconds, 'contract_end_to_end_seconds');

/** The age of the oldest contract that waits for its end; 0 when none does, nothing where nobody counts. */
export const oldestUnfinished = level('max', 'contract_oldest_unfinished_age_seconds');

/** Likewise, of what is due to be put on the queue. */
export const oldestDue = level('max', 'messaging_outbox_oldest_age_seconds');

export const cacheHitShare = ratio(
	rate('cache_requests_total', { where: { result: 'hit' } }),
	rate('cache_requests_total', { where: { result: '!=bypass' } }),
);

export const deadLetters = orZero(
	level('sum', 'rabbitmq_detailed_queue_messages', { where: { queue: 'contracts.dead' } }),
);

/** How long each process has been up. */
export const uptime = `(time() - ${series('process_start_time_seconds')})`;
