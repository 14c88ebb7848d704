import { pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import {
	countFinished,
	type Outbox,
	readOutbox,
	readUnfinished,
	type Unfinished,
} from '../platform/mysql/census.ts';
import { createLead } from '../platform/mysql/lead.ts';
import { unmeasured } from '../platform/mysql/watch-statements.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import { createSeldom } from './seldom.ts';

/** What is finished is much and of no urgency: counting it takes no more than this part of the time. */
const shareOfTime = 0.01;

/** Counts the contracts of the whole system every few seconds, while no other worker does. */
export function startCensus(
	{ MYSQL_URL, CENSUS_INTERVAL_MS }: Pick<Config, 'MYSQL_URL' | 'CENSUS_INTERVAL_MS'>,
	metrics: Metrics,
	longestCountMs?: number,
): { stop(): void } {
	const stopped = new AbortController();
	const shown = showCounts(metrics);
	const lead = createLead(MYSQL_URL, 'census', 2 * CENSUS_INTERVAL_MS);
	const seldom = createSeldom(shareOfTime);

	async function look(): Promise<void> {
		const connection = await lead.take();
		if (!connection) return shown.hide();
		shown.unfinished = await readUnfinished(connection);
		shown.outbox = await readOutbox(connection);
		await seldom
			.do(async () => {
				shown.finished = await countFinished(connection, longestCountMs);
			})
			// Too many to count says nothing against the rest; a lost connection is seen at the next look.
			.catch(() => {
				shown.finished = [];
			});
	}

	async function run(): Promise<void> {
		while (!stopped.signal.aborted) {
			await look().catch(() => {
				// That the database is away is told by those who need it.
				lead.drop();
				shown.hide();
				seldom.forget();
			});
			await pause(CENSUS_INTERVAL_MS, stopped.signal);
		}
	}

	// Its scans are no part of how long users wait for MySQL.
	void unmeasured(run);
	return {
		stop() {
			stopped.abort();
			lead.drop();
		},
	};
}

/** What this worker shows of the whole system: nothing while somebody else counts or nobody can. */
function showCounts(metrics: Metrics) {
	const shown = {
		unfinished: [] as readonly Unfinished[],
		finished: [] as readonly [status: string, contracts: number][],
		outbox: null as Outbox | null,
		hide() {
			shown.unfinished = [];
			shown.finished = [];
			shown.outbox = null;
		},
	};
	metrics.read('contracts', () => [
		...shown.unfinished.map(({ status, contracts }) => [{ status }, contracts] as const),
		...shown.finished.map(([status, contracts]) => [{ status }, contracts] as const),
	]);
	metrics.read('contract_oldest_unfinished_age_seconds', () =>
		shown.unfinished.map(({ status, oldestSeconds }) => [{ status }, oldestSeconds] as const),
	);
	metrics.read('messaging_outbox_pending', () => shown.outbox?.pending ?? null);
	metrics.read('messaging_outbox_oldest_age_seconds', () => shown.outbox?.oldestSeconds ?? null);
	return shown;
}
