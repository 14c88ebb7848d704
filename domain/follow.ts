import type { Context } from './context.ts';
import type { ContractKey, StatusEvent } from './contract.ts';
import type { FeedListener } from './ports.ts';
import { isFinal } from './status.ts';
import { patience, pause } from './wait.ts';

export interface FollowContext extends Pick<Context, 'emit' | 'pollMs' | 'attachMs'> {
	store: Pick<Context['store'], 'readEvents' | 'readNewestEvent'>;
	feed: Pick<Context['feed'], 'attach'>;
	cache: Pick<Context['cache'], 'drop'>;
}

export type EventStream = AsyncGenerator<StatusEvent, void, undefined>;

const readLimit = 100;
const inboxLimit = 16;

/**
 * Streams the events of one contract without gap or repeat, from its newest or from all after `afterVersion`: attaches
 * to the feed, reads the database, then goes on with the feed as long as it follows the cursor, and with the
 * database where not. Whoever leaves fires `stop`, which frees the channel at once; `return()` would wait.
 */
export async function* follow(
	context: FollowContext,
	key: ContractKey,
	afterVersion: number | null,
	stop: AbortSignal,
): EventStream {
	if (stop.aborted) return;
	const { pollMs, attachMs } = context;
	const inbox = createInbox();
	const attachment = context.feed.attach(key, inbox);
	stop.addEventListener('abort', attachment.detach);
	try {
		await patience(attachment.attached, attachMs, stop);
		let cursor = afterVersion;
		let finished = false;
		let doubted = false;
		while (!stop.aborted) {
			const live = inbox.take(cursor ?? 0);
			const events = live ?? (await unlessStopped(read(context, key, cursor), stop));
			if (events === 'ahead') {
				if (finished) return;
				// Read twice, so that it is no reader that lags behind: as one who comes anew.
				if (doubted) cursor = null;
				else await pause(pollMs, stop);
				doubted = !doubted;
				inbox.gap();
				continue;
			}
			doubted = false;
			if (events === null) inbox.gap();
			for (const event of events ?? []) {
				if (stop.aborted) return;
				yield event;
				cursor = event.version;
			}
			// From here on every event counts, also the first of all.
			if (events) cursor ??= 0;
			const last = events?.at(-1);
			if (last) finished = isFinal(last.status);
			const page = live === null && events?.length === readLimit;
			// A full page is not all; and that a final event is the newest only the database knows.
			if (page || (live && last && finished)) inbox.gap();
			else if (finished && events && !live) return;
			else if (events === null) await pause(pollMs, stop);
			else await inbox.wait(pollMs, stop);
		}
	} finally {
		stop.removeEventListener('abort', attachment.detach);
		attachment.detach();
	}
}

/**
 * One stream over many contracts, each from its newest event and read no faster than this one; ends with the last of
 * them. Whoever leaves, or sees it fail, fires `stop`.
 */
export async function* followMany(
	context: FollowContext,
	keys: readonly ContractKey[],
	stop: AbortSignal,
): EventStream {
	const arrived: { stream: EventStream; result: IteratorResult<StatusEvent, void> }[] = [];
	let failure: { error: unknown } | null = null;
	let notify = () => {};

	function pull(stream: EventStream): void {
		stream
			.next()
			.then((result) => arrived.push({ stream, result }))
			.catch((error: unknown) => {
				failure = { error };
			})
			.finally(() => notify());
	}

	for (const key of keys) pull(follow(context, key, null, stop));
	let open = keys.length;
	while (open > 0 && !stop.aborted) {
		const next = arrived.shift();
		if (failure) throw (failure as { error: unknown }).error;
		if (!next) {
			const { promise, resolve } = Promise.withResolvers<void>();
			notify = resolve;
			await promise;
		} else if (next.result.done) {
			open -= 1;
		} else {
			yield next.result.value;
			pull(next.stream);
		}
	}
}

/**
 * Null when the database did not answer: it is read again. `ahead` when the cursor is above all there is,
 * as after the database was put back to an earlier state.
 */
async function read(
	{ store, cache, emit }: FollowContext,
	key: ContractKey,
	cursor: number | null,
): Promise<StatusEvent[] | 'ahead' | null> {
	try {
		const newest = cursor === null ? await store.readNewestEvent(key) : null;
		const events =
			cursor === null ? (newest ? [newest] : []) : await store.readEvents(key, cursor, readLimit);
		const last = events === 'ahead' ? undefined : events.at(-1);
		if (!last) return events;
		// Its committer may have died before it dropped the cache entry.
		await cache.drop(last, last.version).catch((error: unknown) => {
			emit({ type: 'cache.failed', operation: 'drop', error });
		});
		return events;
	} catch (error) {
		emit({ type: 'follow.failed', key, error });
		return null;
	}
}

/** What `work` gives, or null once `stop` fires: a database that hangs holds nobody who leaves. */
async function unlessStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T | null> {
	const { promise, resolve } = Promise.withResolvers<null>();
	const end = () => resolve(null);
	stop.addEventListener('abort', end);
	if (stop.aborted) end();
	try {
		return await Promise.race([work, promise]);
	} finally {
		stop.removeEventListener('abort', end);
	}
}

/**
 * What one subscriber has not taken yet. Past `inboxLimit` events everything is forgotten but the fact
 * that the database has to be read: a slow reader costs no memory.
 */
interface Inbox extends FeedListener {
	/** The events that follow `cursor` without a hole; null when the database has to be read. */
	take(cursor: number): StatusEvent[] | null;
	/** Waits until there may be something to take; after `ms` the database has to be read. */
	wait(ms: number, stop: AbortSignal): Promise<void>;
}

function createInbox(): Inbox {
	let pending: StatusEvent[] = [];
	let stale = true;
	let notify = () => {};

	function gap(): void {
		pending = [];
		stale = true;
		notify();
	}

	return {
		event(event) {
			if (pending.push(event) > inboxLimit) gap();
			else notify();
		},
		gap,
		take(cursor) {
			const newer = pending
				.filter((event) => event.version > cursor)
				.sort((a, b) => a.version - b.version)
				.filter((event, index, all) => event.version !== all[index - 1]?.version);
			pending = [];
			const whole = newer.every((event, index) => event.version === cursor + index + 1);
			if (whole && !stale) return newer;
			// What arrives while the database is read stays in `pending` and is newer.
			stale = false;
			return null;
		},
		async wait(ms, stop) {
			if (pending.length > 0 || stale || stop.aborted) return;
			const { promise, resolve } = Promise.withResolvers<void>();
			const end = () => resolve();
			const timer = setTimeout(() => {
				stale = true;
				end();
			}, ms);
			notify = end;
			stop.addEventListener('abort', end);
			await promise;
			clearTimeout(timer);
			stop.removeEventListener('abort', end);
		},
	};
}
