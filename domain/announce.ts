import type { StatusEvent } from './contract.ts';
import type { ContractCache, Feed } from './ports.ts';
import type { Emit } from './telemetry.ts';
import type { Change } from './transitions.ts';

export interface AnnouncePorts {
	cache: ContractCache;
	feed: Feed;
	emit: Emit;
}

/**
 * Tells the world of committed changes. The cache entry goes first, then the event: whoever has seen
 * an event never reads an older answer from the cache. Nothing here rejects.
 */
export interface Announce {
	committed(changes: readonly (Change | null)[]): Promise<void>;
	/** Tells of an event once more, where its committer may have died before it could. */
	again(event: StatusEvent): Promise<void>;
}

export function createAnnounce(ports: AnnouncePorts): Announce {
	async function again(event: StatusEvent): Promise<void> {
		try {
			await ports.cache.drop(event, event.version);
			await ports.feed.publish(event);
		} catch (error) {
			ports.emit({ type: 'event.announce-failed', event, error });
		}
	}

	async function committed(changes: readonly (Change | null)[]): Promise<void> {
		const made = changes.filter((change) => change !== null);
		for (const change of made) ports.emit({ type: 'contract.changed', change });
		await Promise.all(made.map(({ event }) => again(event)));
	}

	return { committed, again };
}
