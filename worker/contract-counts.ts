import { pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import {
	countFinished,
	type Outbox,
	readOutbox,
	readUnfinished,
	type Unfinished,
} from '../platform/mysql/contract-counts.ts';
import { createLeadership } from '../platform/mysql/leader.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';

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
	metrics: Metrics,
	longestCountMs?: number,
): { stop(): void } {
	const stopped = new AbortController();
	const shown = showCounts(metrics);
	const lead = createLeadership(MYSQL_URL, leadName, 2 * intervalMs);
	const budget = createTimeBudget(shareOfTime);

	async function count(): Promise<void> {
		const connection = await lead.take();
		if (!connection) return shown.hide();
		shown.unfinished = await readUnfinished(connection);
		shown.outbox = await readOutbox(connection);
		await budget
			.run(async () => {
				shown.finished = await countFinished(connection, longestCountMs);
			})
			// Too many to count says nothing against the rest; a lost connection shows at the next count.
			.catch(() => {
				shown.finished = [];
			});
	}

	async function run(): Promise<void> {
		while (!stopped.signal.aborted) {
			await count().catch(() => {
				// That the database is away is reported by those who need it.
				lead.drop();
				shown.hide();
				budget.forget();
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

/** What this worker shows of the whole system: nothing while another one counts or none can. */
function showCounts(metrics: Metrics) {
	const shown = {
		unfinished: [] as readonly Unfinished[],
		finished: [] as readonly Pick<Unfinished, 'status' | 'contracts'>[],
		outbox: null as Outbox | null,
		hide() {
			shown.unfinished = [];
			shown.finished = [];
			shown.outbox = null;
		},
	};
	metrics.read('contracts', () =>
		[...shown.unfinished, ...shown.finished].map(
			({ status, contracts }) => [{ status }, contracts] as const,
		),
	);
	metrics.read('contract_oldest_unfinished_age_seconds', () =>
		shown.unfinished.map(({ status, oldestSeconds }) => [{ status }, oldestSeconds] as const),
	);
	metrics.read('messaging_outbox_pending', () => shown.outbox?.pending ?? null);
	metrics.read('messaging_outbox_oldest_age_seconds', () => shown.outbox?.oldestSeconds ?? null);
	return shown;
}

interface TimeBudget {
	/** Does the work, or nothing where that would be too soon. */
	run(work: () => Promise<void>): Promise<void>;
	/** What succeeded is done again at the next call. */
	forget(): void;
}

/** Spends no more than this share of the time on something, whether it succeeds or not. */
export function createTimeBudget(
	share: number,
	clock: () => number = () => performance.now(),
): TimeBudget {
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
