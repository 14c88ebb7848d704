import type { Context } from './context.ts';
import type { ContractKey, StatusEvent } from './contract.ts';
import type { FeedListener } from './ports.ts';
import type { Rounds, Waiting } from './rounds.ts';
import { isFinal } from './status.ts';
import type { Seats } from './wheel.ts';

export interface FollowContext extends Pick<Context, 'reads' | 'emit' | 'pollMs' | 'attachMs'> {
	store: Pick<Context['store'], 'readEvents' | 'readNewestEvent'>;
	feed: Pick<Context['feed'], 'attach'>;
	cache: Pick<Context['cache'], 'drop'>;
	/** In which all who wait are looked after. */
	rounds: Rounds;
}

/** One `next()` at a time. `return()` frees the channels at once, whatever a `next()` waits for. */
export interface EventStream extends AsyncIterableIterator<StatusEvent, void, undefined> {
	return(): Promise<IteratorReturnResult<void>>;
}

const readLimit = 100;
const inboxLimit = 16;
export const done: IteratorReturnResult<void> = { done: true, value: undefined };

/**
 * Streams the events of one contract without gap or repeat, from its newest or from all after `afterVersion`: attaches
 * to the feed, reads the database, then goes on with the feed as long as it follows the cursor, and with the
 * database where not.
 */
export function follow(
	context: FollowContext,
	key: ContractKey,
	afterVersion: number | null,
): EventStream {
	return new Follower(context, key, afterVersion);
}

type Result = IteratorResult<StatusEvent, void>;
/** To whoever waits for the next event. */
export type Answer = (result: Result | Promise<Result>) => void;

/** Thousands of them wait: each is small, and what it works with is made when something happens. */
class Follower implements EventStream, FeedListener, Waiting {
	readonly key: ContractKey;
	readonly #context: FollowContext;
	#cursor: number | null;
	#answer: Answer | null = null;
	/** Taken, to be handed out one by one. */
	#page: StatusEvent[] | null = null;
	/** What has come from the feed and was not looked at. */
	#inbox: StatusEvent[] | null = null;
	/** The database has to be read. */
	#stale = true;
	#working = false;
	#finished = false;
	#doubted = false;
	/** Nothing comes after the page. */
	#ending = false;
	#over = false;
	#detach: (() => void) | null = null;
	#seats: Seats<Waiting> | null = null;
	#timer: NodeJS.Timeout | undefined;

	constructor(context: FollowContext, key: ContractKey, afterVersion: number | null) {
		this.#context = context;
		this.key = key;
		this.#cursor = afterVersion;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	next(): Promise<Result> {
		const event = this.#takeFromPage();
		if (event) return Promise.resolve({ done: false, value: event });
		if (this.#over || this.#ending) return this.return();
		return new Promise((resolve) => {
			this.#answer = resolve;
			this.#wake();
		});
	}

	return(): Promise<IteratorReturnResult<void>> {
		this.#end();
		return Promise.resolve(done);
	}

	event(event: StatusEvent): void {
		if (!this.#inbox) this.#inbox = [event];
		// A slow reader costs no memory.
		else if (this.#inbox.push(event) > inboxLimit) this.#forget();
		this.#wake();
	}

	gap(): void {
		this.#forget();
		this.#wake();
	}

	get isWaiting(): boolean {
		return this.#answer !== null && !this.#working;
	}

	standsAt(version: number | undefined): void {
		if (this.isWaiting && version !== this.#cursor) this.gap();
	}

	#wake(): void {
		if (!this.isWaiting) return;
		this.#working = true;
		this.#work().catch((error) => {
			this.#answer?.(Promise.reject(error));
			this.#end();
		});
	}

	/** Until there is an answer, or nothing to look at. */
	async #work(): Promise<void> {
		if (!this.#detach) await this.#attach();
		while (!this.#over) {
			const live = this.#takeLive();
			const events = live ?? (await read(this.#context, this.key, this.#cursor));
			if (this.#over) return;
			if (events === 'ahead') await this.#doubt();
			else if (events === null) await this.#readAgain();
			else this.#take(events, live !== null);
			if (this.#over) return;
			if (!this.#answer || (!this.#stale && !this.#inbox)) break;
		}
		this.#working = false;
		if (!this.#over) this.#seats ??= this.#context.rounds.join(this);
	}

	async #attach(): Promise<void> {
		const { feed, attachMs } = this.#context;
		const { attached, detach } = feed.attach(this.key, this);
		this.#detach = detach;
		await Promise.race([attached, this.#pause(attachMs)]);
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	/** Where it ends meanwhile, nobody ever comes back from here. */
	#pause(ms: number): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#timer = setTimeout(resolve, ms);
		return promise;
	}

	async #readAgain(): Promise<void> {
		this.#forget();
		await this.#pause(this.#context.pollMs);
	}

	/** The database has not come as far as the cursor. */
	async #doubt(): Promise<void> {
		if (this.#finished) return this.#end();
		const isSure = this.#doubted;
		this.#doubted = !isSure;
		// Read twice, so that it is no reader that lags behind: as one who comes anew.
		if (isSure) this.#cursor = null;
		else await this.#readAgain();
		this.#forget();
	}

	#take(events: StatusEvent[], isLive: boolean): void {
		this.#doubted = false;
		const last = events.at(-1);
		if (last) this.#finished = isFinal(last.status);
		// From here on every event counts, also the first of all.
		else this.#cursor ??= 0;
		this.#page = events;
		// A full page is not all; and that a final event is the newest only the database knows.
		if (isLive ? last && this.#finished : events.length === readLimit) this.#forget();
		else this.#ending = this.#finished && !isLive;
		const event = this.#takeFromPage();
		const answer = this.#answer;
		if (event && answer) {
			this.#answer = null;
			answer({ done: false, value: event });
		} else if (this.#ending) this.#end();
	}

	#takeFromPage(): StatusEvent | null {
		const event = this.#page?.shift();
		if (event) this.#cursor = event.version;
		if (this.#page?.length === 0) this.#page = null;
		return event ?? null;
	}

	/** What follows the cursor without a hole; null when the database has to be read. */
	#takeLive(): StatusEvent[] | null {
		const cursor = this.#cursor ?? 0;
		const newer = (this.#inbox ?? [])
			.filter((event) => event.version > cursor)
			.sort((a, b) => a.version - b.version)
			.filter((event, index, all) => event.version !== all[index - 1]?.version);
		this.#inbox = null;
		const isWhole = newer.every((event, index) => event.version === cursor + index + 1);
		if (isWhole && !this.#stale) return newer;
		// What arrives while the database is read stays in the inbox and is newer.
		this.#stale = false;
		return null;
	}

	#forget(): void {
		this.#inbox = null;
		this.#stale = true;
	}

	#end(): void {
		this.#over = true;
		this.#page = null;
		clearTimeout(this.#timer);
		this.#detach?.();
		this.#seats?.delete(this);
		this.#answer?.(done);
		this.#answer = null;
	}
}

/**
 * Null when the database did not answer: it is read again. `ahead` when the cursor is above all there is,
 * as after the database was put back to an earlier state.
 */
async function read(
	{ store, cache, reads, emit }: FollowContext,
	key: ContractKey,
	cursor: number | null,
): Promise<StatusEvent[] | 'ahead' | null> {
	try {
		const newest = cursor === null ? await store.readNewestEvent(key) : null;
		const events =
			cursor === null ? (newest ? [newest] : []) : await store.readEvents(key, cursor, readLimit);
		const last = events === 'ahead' ? undefined : events.at(-1);
		if (!last) return events;
		reads.note(last, last.at);
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
