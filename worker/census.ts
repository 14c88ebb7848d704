import { pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import { createCensusMetrics } from '../platform/metrics/census.ts';
import type { Metrics } from '../platform/metrics/registry.ts';
import { countFinished, readOutbox, readUnfinished } from '../platform/mysql/contract-counts.ts';
import { createLeadership } from '../platform/mysql/leader.ts';
import { createSeldom } from './seldom.ts';

/** What is finished is much and of no urgency: counting it takes no more than this part of the time. */
const shareOfTime = 0.01;

/** Counts the contracts of the whole system every few seconds, while no other worker does. */
export function startCensus(
	{ MYSQL_URL, CENSUS_INTERVAL_MS }: Pick<Config, 'MYSQL_URL' | 'CENSUS_INTERVAL_MS'>,
	registry: Metrics,
	longestCountMs?: number,
): { stop(): void } {
	const stopped = new AbortController();
	const metrics = createCensusMetrics(registry);
	const lead = createLeadership(MYSQL_URL, 'census', 2 * CENSUS_INTERVAL_MS);
	const seldom = createSeldom(shareOfTime);

	async function look(): Promise<void> {
		const connection = await lead.take();
		if (!connection) return metrics.hide();
		metrics.unfinished(await readUnfinished(connection));
		metrics.outbox(await readOutbox(connection));
		await seldom
			.do(async () => metrics.finished(await countFinished(connection, longestCountMs)))
			// Too many to count says nothing against the rest; of a lost connection the next look tells.
			.catch(() => metrics.finished(null));
	}

	async function run(): Promise<void> {
		while (!stopped.signal.aborted) {
			await look().catch(() => {
				// That the database is away is told by those who need it.
				lead.drop();
				metrics.hide();
				seldom.forget();
			});
			await pause(CENSUS_INTERVAL_MS, stopped.signal);
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
