import { nothing, type PruneContext, prune, prunedKinds, sum } from '../domain/prune.ts';
import { pause } from '../domain/wait.ts';
import type { Config } from '../platform/config.ts';
import { createLeadership } from '../platform/mysql/leader.ts';

/** A deploy is over by then: workers of the former release do not say when they are about to name a source. */
const firstMs = 300_000;
/** Looking at what is kept takes no more than this part of the time, and removing something half of it. */
const shareOfLooking = 0.01;
const shareOfRemoving = 0.5;
const answerMs = 5_000;

/** Removes what is not to be kept, while no other worker does. */
export function startPruner(
	{ MYSQL_URL, PRUNE_INTERVAL_MS: intervalMs }: Pick<Config, 'MYSQL_URL' | 'PRUNE_INTERVAL_MS'>,
	context: PruneContext,
): { stop(): Promise<void> } {
	const { emit, retention } = context;
	const stopped = new AbortController();
	const lead = createLeadership(MYSQL_URL, 'prune', 2 * intervalMs);

	/** Its connection is used, or MySQL would end it in the midst of a long pass. */
	async function leads(): Promise<boolean> {
		const connection = await lead.take();
		await connection?.query({ sql: 'select 1', timeout: answerMs });
		return connection !== null;
	}

	/** Ends early where another worker leads by now. */
	async function pass(): Promise<void> {
		const started = performance.now();
		let all = nothing;
		let begun = started;
		for await (const removed of prune(context)) {
			for (const kind of prunedKinds) {
				if (removed[kind] > 0) emit({ type: 'pruned', kind, rows: removed[kind] });
			}
			const isSome = prunedKinds.some((kind) => removed[kind] > 0);
			all = sum(all, removed);
			const took = performance.now() - begun;
			const share = isSome ? shareOfRemoving : shareOfLooking;
			// No longer than the lead is kept without a word.
			await pause(Math.min(took / share - took, intervalMs), stopped.signal);
			if (stopped.signal.aborted || !(await leads())) return;
			begun = performance.now();
		}
		const seconds = (performance.now() - started) / 1_000;
		emit({ type: 'prune.ended', removed: all, seconds });
	}

	async function run(): Promise<void> {
		await pause(Math.min(firstMs, intervalMs), stopped.signal);
		while (!stopped.signal.aborted) {
			try {
				if (await leads()) await pass();
			} catch (error) {
				emit({ type: 'prune.failed', error });
				lead.drop();
			}
			await pause(intervalMs, stopped.signal);
		}
	}

	const ended = Object.values(retention).some((kept) => kept > 0) ? run() : Promise.resolve();
	return {
		async stop() {
			stopped.abort();
			await ended;
			lead.drop();
		},
	};
}
