import { pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import { createCensusMetrics } from '../platform/metrics/census.ts';
import type { Metrics } from '../platform/metrics/registry.ts';
import { countFinished, readOutbox, readUnfinished } from '../platform/mysql/census.ts';
import { createLead } from '../platform/mysql/lead.ts';

/** What is finished is much and of no urgency: counting it takes no more than this part of the time. */
const shareOfTime = 0.01;

/** Counts the contracts of the whole system every few seconds, while no other worker does. */
export function startCensus(
	{ MYSQL_URL, CENSUS_INTERVAL_MS }: Pick<Config, 'MYSQL_URL' | 'CENSUS_INTERVAL_MS'>,
	registry: Metrics,
): { stop(): void } {
	const stopped = new AbortController();
	const metrics = createCensusMetrics(registry);
	const lead = createLead(MYSQL_URL, 'census', 2 * CENSUS_INTERVAL_MS);
	let countAt = 0;

	async function look(): Promise<void> {
		const connection = await lead.take();
		if (!connection) return metrics.hide();
		metrics.unfinished(await readUnfinished(connection));
		metrics.outbox(await readOutbox(connection));
		const started = performance.now();
		if (started < countAt) return;
		metrics.finished(await countFinished(connection));
		const now = performance.now();
		countAt = now + (now - started) / shareOfTime;
	}

	async function run(): Promise<void> {
		while (!stopped.signal.aborted) {
			await look().catch(() => {
				// That the database is away is told by those who need it.
				lead.drop();
				metrics.hide();
				countAt = 0;
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
