import type { ContractKey, StatusEvent } from './contract.ts';
import { createInbox } from './inbox.ts';
import { merge } from './merge.ts';
import type { ContractCache, ContractStore, Feed } from './ports.ts';
import { isFinal } from './status.ts';
import { stoppable } from './stoppable.ts';
import type { Emit } from './telemetry.ts';
import { patience, pause } from './wait.ts';

export interface FollowPorts {
	store: Pick<ContractStore, 'readEvents' | 'readNewestEvent'>;
	feed: Feed;
	cache: Pick<ContractCache, 'drop'>;
	emit: Emit;
	/** How often the database is read while the contract is not finished. */
	pollMs: number;
	/** How long to wait for the feed before going on with the database alone. */
	attachMs: number;
}

export type EventStream = AsyncGenerator<StatusEvent, void, undefined>;

export interface Follow {
	/** Streams one contract, from its newest event or from all after `afterVersion`. */
	one(key: ContractKey, afterVersion: number | null): EventStream;
	/** Streams many; completes when the last of them is finished. */
	many(keys: readonly ContractKey[]): EventStream;
}

const readLimit = 100;

/**
 * Streams status events without gap or repeat: attach to the feed, read the database, then go on
 * with what the feed tells as long as it follows the cursor, and with the database where not.
 */
export function createFollow(ports: FollowPorts): Follow {
	function one(key: ContractKey, afterVersion: number | null): EventStream {
		return stoppable((stop) => follow(key, afterVersion, stop));
	}

	async function* follow(
		key: ContractKey,
		afterVersion: number | null,
		stop: AbortSignal,
	): EventStream {
		const inbox = createInbox();
		const attachment = ports.feed.attach(key, inbox);
		stop.addEventListener('abort', attachment.detach, { once: true });
		try {
			await patience(attachment.attached, ports.attachMs, stop);
			let cursor = afterVersion;
			let rests = false;
			let doubted = false;
			while (!stop.aborted) {
				const told = inbox.take(cursor ?? 0);
				const events = told ?? (await read(key, cursor));
				if (events === 'ahead') {
					if (rests) return;
					// Told twice, so that it is no reader that lags behind: as one who comes anew.
					if (doubted) cursor = null;
					else await pause(ports.pollMs, stop);
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
				if (last) rests = isFinal(last.status);
				const page = told === null && events?.length === readLimit;
				// A full page is not all; and that a final event is the newest only the database knows.
				if (page || (told && last && rests)) inbox.gap();
				else if (rests && events && !told) return;
				else if (events === null) await pause(ports.pollMs, stop);
				else await inbox.wait(ports.pollMs, stop);
			}
		} finally {
			attachment.detach();
		}
	}

	/**
	 * Null when the database did not answer: it is asked again. `ahead` when the cursor is above all there is,
	 * as after the database was put back to an earlier state.
	 */
	async function read(
		key: ContractKey,
		cursor: number | null,
	): Promise<StatusEvent[] | 'ahead' | null> {
		try {
			const events =
				cursor === null ? await newest(key) : await ports.store.readEvents(key, cursor, readLimit);
			if (events === 'ahead') return events;
			// Its committer may have died before it dropped the cache entry.
			const last = events.at(-1);
			if (last) await drop(last);
			return events;
		} catch (error) {
			ports.emit({ type: 'follow.failed', key, error });
			return null;
		}
	}

	async function newest(key: ContractKey): Promise<StatusEvent[]> {
		const event = await ports.store.readNewestEvent(key);
		return event ? [event] : [];
	}

	async function drop(event: StatusEvent): Promise<void> {
		try {
			await ports.cache.drop(event, event.version);
		} catch (error) {
			ports.emit({ type: 'cache.failed', operation: 'drop', error });
		}
	}

	function many(keys: readonly ContractKey[]): EventStream {
		return merge(keys.map((key) => one(key, null)));
	}

	return { one, many };
}
