import type { Context } from './context.ts';
import type { ContractKey } from './contract.ts';

/** What is kept; 0 in place of a number: all of it. */
export interface Retention {
	/** Days for which a contract without a source is kept that is not verified, from its last reading on. */
	notVerifiedDays: number;
	/** Downloads of a contract, from submission to end, whose events are kept. */
	runs: number;
	/** Days for which a source or an ABI is kept that nothing names. */
	unusedSourceDays: number;
}

export const prunedKinds = ['contracts', 'events', 'sources'] as const;
/** How many of each were removed; events: of contracts that stay. */
export type Pruned = Readonly<Record<(typeof prunedKinds)[number], number>>;

export const nothing: Pruned = { contracts: 0, events: 0, sources: 0 };

export function sum(a: Pruned, b: Pruned): Pruned {
	return {
		contracts: a.contracts + b.contracts,
		events: a.events + b.events,
		sources: a.sources + b.sources,
	};
}

export type PruneContext = Pick<Context, 'pruning' | 'cache' | 'feed' | 'emit'> & {
	retention: Retention;
	/** How many rows are looked at together, and removed in one transaction at most. */
	pruneBatch: number;
};

interface Options {
	/** Only says how many it would be. */
	dryRun?: boolean;
}

/**
 * Removes what is not to be kept, one small batch each time it is asked for the next. Safe beside all else, itself included:
 * what changes meanwhile stays. Rejects where MySQL or Redis does not answer; then nothing is lost but time.
 */
export async function* prune(
	context: PruneContext,
	{ dryRun = false }: Options = {},
): AsyncGenerator<Pruned, void> {
	const { notVerifiedDays, runs, unusedSourceDays } = context.retention;
	if (notVerifiedDays > 0 || runs > 0) yield* pruneContracts(context, dryRun);
	if (unusedSourceDays > 0) yield* pruneSources(context, dryRun);
}

async function* pruneContracts(
	context: PruneContext,
	dryRun: boolean,
): AsyncGenerator<Pruned, void> {
	const { pruning, retention, pruneBatch } = context;
	let after: ContractKey | null = null;
	do {
		const page = await pruning.findContracts(after, pruneBatch, retention);
		after = page.last;
		const contracts = await removeUnread(context, page.unread, dryRun);
		let events = 0;
		for (const key of page.longHistories) {
			events += await pruning.removeEvents(key, retention.runs, dryRun);
		}
		yield { ...nothing, contracts, events };
	} while (after);
	if (dryRun || retention.notVerifiedDays === 0) return;
	while ((await pruning.forgetReads(retention.notVerifiedDays, pruneBatch)) === pruneBatch)
		yield nothing;
}

/** Those that somebody follows now have been read today. */
async function removeUnread(
	{ pruning, cache, feed, emit, retention }: PruneContext,
	unread: Awaited<ReturnType<PruneContext['pruning']['findContracts']>>['unread'],
	dryRun: boolean,
): Promise<number> {
	if (unread.length === 0) return 0;
	const followed = await feed.followed(unread);
	const alone = unread.filter((_, index) => !followed[index]);
	if (dryRun) return alone.length;
	await pruning.saveReads(unread.filter((_, index) => followed[index]));
	const removed = await pruning.removeContracts(alone, retention.notVerifiedDays);
	// As after any change; a contract that is submitted anew begins above this version.
	await Promise.all(
		removed.map((job) =>
			cache
				.drop(job, job.version + 1)
				.catch((error) => emit({ type: 'cache.failed', operation: 'drop', error })),
		),
	);
	return removed.length;
}

async function* pruneSources(
	{ pruning, retention, pruneBatch }: PruneContext,
	dryRun: boolean,
): AsyncGenerator<Pruned, void> {
	const { unusedSourceDays: days } = retention;
	let after: string | null = null;
	do {
		const page = await pruning.findUnusedSources(after, pruneBatch, days);
		after = page.last;
		const sources = dryRun ? page.unused.length : await pruning.removeSources(page.unused, days);
		yield { ...nothing, sources };
	} while (after !== null);
}
