import type { Context } from './context.ts';
import type { StatusEvent } from './contract.ts';
import type { Occasion, TracedJob } from './ports.ts';
import type { Change } from './transitions.ts';

/**
 * Makes committed changes known. The cache entry goes first, then the event: whoever has seen an event
 * never reads an older answer from the cache. Never rejects.
 */
export async function announce(
	context: Pick<Context, 'cache' | 'feed' | 'emit'>,
	changes: readonly (Change | null)[],
): Promise<void> {
	const made = changes.filter((change) => change !== null);
	for (const change of made) context.emit({ type: 'contract.changed', change });
	await Promise.all(made.map(({ from, event }) => publishEvent(context, event, from !== null)));
}

/** Announces an event once more, where its committer may have died before it could. Never rejects. */
export function announceAgain(
	context: Pick<Context, 'cache' | 'feed' | 'emit'>,
	event: StatusEvent,
): Promise<void> {
	return publishEvent(context, event, true);
}

async function publishEvent(
	{ cache, feed, emit }: Pick<Context, 'cache' | 'feed' | 'emit'>,
	event: StatusEvent,
	mayBeCached: boolean,
): Promise<void> {
	try {
		// What nobody has submitted is never cached, so a new contract has no entry.
		if (mayBeCached) await cache.drop(event, event.version);
		await feed.publish(event);
	} catch (error) {
		emit({ type: 'event.announce-failed', event, error });
	}
}

/** Puts jobs on the queue, or leaves that to the sweeper. Never rejects. */
export async function publishJobs(
	{ queue, emit }: Pick<Context, 'queue' | 'emit'>,
	jobs: readonly TracedJob[],
	occasion: Occasion,
): Promise<void> {
	if (jobs.length === 0) return;
	try {
		await queue.publish(jobs, occasion);
	} catch (error) {
		emit({ type: 'jobs.publish-failed', jobs: jobs.length, error });
	}
}
