import type { StatusEvent } from './contract.ts';
import type { FeedListener } from './ports.ts';

/**
 * What one subscriber has not taken yet. Past `limit` events everything is forgotten but the fact
 * that the database has to be read: a slow reader costs no memory.
 */
export interface Inbox extends FeedListener {
	/** The events that follow `cursor` without a hole; null when the database has to be asked. */
	take(cursor: number): StatusEvent[] | null;
	/** Waits until there may be something to take; after `ms` the database has to be asked. */
	wait(ms: number, stop: AbortSignal): Promise<void>;
}

export function createInbox(limit = 16): Inbox {
	let pending: StatusEvent[] = [];
	let stale = true;
	let wake = () => {};

	function forget(): void {
		pending = [];
		stale = true;
	}

	return {
		event(event) {
			pending.push(event);
			if (pending.length > limit) forget();
			wake();
		},
		gap() {
			forget();
			wake();
		},
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
			wake = end;
			stop.addEventListener('abort', end);
			await promise;
			clearTimeout(timer);
			stop.removeEventListener('abort', end);
		},
	};
}
