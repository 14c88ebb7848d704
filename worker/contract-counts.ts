import { pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import { createCensusMetrics } from '../platform/metrics/census.ts';
import type { Metrics } from '../platform/metrics/registry.ts';
import { countFinished, readOutbox, readUnfinished } from '../platform/mysql/contract-counts.ts';
import { createLeadership } from '../platform/mysql/leader.ts';

/** What is finished is much and of no urgency: counting it takes no more than this part of the time. */
const shareOfTime = 0.01;

/** Of a former release too, so that it does not lead beside this one. */
export const leadName = 'census';

/** Counts the contracts of the whole system every few seconds, while no other worker does. */
export function startContractCounts(
	{
		MYSQL_URL,
		CONTRACT_COUNTS_INTERVAL_MS: intervalMs,
	}: Pick<Config, 'MYSQL_URL' | 'CONTRACT_COUNTS_INTERVAL_MS'>,
	registry: Metrics,
	longestCountMs?: number,
): { stop(): void } {
	const stopped = new AbortController();
	const metrics = createCensusMetrics(registry);
	const lead = createLeadership(MYSQL_URL, leadName, 2 * intervalMs);
	const throttle = createThrottle(shareOfTime);

	async function count(): Promise<void> {
		const connection = await lead.take();
		if (!connection) return metrics.hide();
		metrics.unfinished(await readUnfinished(connection));
		metrics.outbox(await readOutbox(connection));
		await throttle
			.run(async () => metrics.finished(await countFinished(connection, longestCountMs)))
			// Too many to count says nothing against the rest; a lost connection shows at the next count.
			.catch(() => metrics.finished(null));
	}

	async function run(): Promise<void> {
		while (!stopped.signal.aborted) {
			await count().catch(() => {
				// That the database is away is reported by those who need it.
				lead.drop();
				metrics.hide();
				throttle.forget();
			});
			await pause(intervalMs, stopped.signal);
		}
	}

	void run();
	return {
		stop() {
			stopped.abort();
			lead.drop();
		},
	};
}

export interface Throttle {
	/** Does the work, or nothing where that would be too soon. */
	run(work: () => Promise<void>): Promise<void>;
	/** What succeeded is done again at the next call. */
	forget(): void;
}

/** Spends no more than this share of the time on something, whether it succeeds or not. */
export function createThrottle(
	share: number,
	clock: () => number = () => performance.now(),
): Throttle {
	let from = 0;
	let succeeded = false;
	return {
		async run(work) {
			const started = clock();
			if (started < from) return;
			succeeded = false;
			try {
				await work();
				succeeded = true;
			} finally {
				const now = clock();
				from = now + (now - started) / share;
			}
		},
		forget() {
			if (succeeded) from = 0;
		},
	};
}
