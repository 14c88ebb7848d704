import type { ContractKey } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import type { Follow } from '../domain/follow.ts';
import type { ContractStore } from '../domain/ports.ts';
import { isFinal } from '../domain/status.ts';

/** Where one SSE stream of one contract stands, by the ids that its client has been given. */
export interface Resume {
	/** Goes on after `Last-Event-ID`, or after `afterVersion` where that is higher. */
	follow: Follow;
	/**
	 * Whether the client has the last event of a finished contract. So it is with a browser's
	 * EventSource, which connects again after every end, until it is told to stop.
	 */
	isOver(): Promise<boolean>;
}

export function createResume(
	follow: Follow,
	store: Pick<ContractStore, 'readNewestEvent'>,
	lastEventId: string | undefined,
): Resume {
	let resumed: { key: ContractKey; from: number } | null = null;
	return {
		follow: {
			one(key, afterVersion) {
				if (!lastEventId) return follow.one(key, afterVersion);
				resumed = { key, from: Math.max(readId(lastEventId), afterVersion ?? 0) };
				return follow.one(key, resumed.from);
			},
			// Versions of many contracts are no cursor: their events have no id, and start anew.
			many: (keys) => follow.many(keys),
		},
		async isOver() {
			if (!resumed) return false;
			try {
				const newest = await store.readNewestEvent(resumed.key);
				return newest !== null && newest.version <= resumed.from && isFinal(newest.status);
			} catch {
				return false;
			}
		},
	};
}

function readId(text: string): number {
	const version = Number(text);
	if (/^\d+$/.test(text) && version < 2 ** 31) return version;
	throw badInput('Last-Event-ID has to be the id of an event of this stream.');
}
