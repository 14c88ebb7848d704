import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { ApiKey } from '../domain/api-key.ts';
import type { ApiKeys } from '../domain/ports.ts';
import { pause } from '../domain/wait.ts';

/** The keys that clients were given, as this server knows them. */
export interface KeyDirectory {
	/** Null: there is none, or it was revoked. Undefined: it has to be looked for. */
	known(hash: string): ApiKey | null | undefined;
	/** Rejects where the database cannot be asked. */
	look(hash: string): Promise<ApiKey | null>;
}

/** A key that was revoked is taken for so long. */
const readEveryMs = 5_000;
/** One that is not ours is not looked for again for so long. */
const unknown = { max: 10_000, ttl: 2_000 };

/** Reads all keys every few seconds, until `stop` fires. A new one is found when it is used for the first time. */
export function createKeyDirectory(
	keys: Pick<ApiKeys, 'list' | 'find'>,
	stop: AbortSignal,
): KeyDirectory {
	let all = new Map<string, ApiKey>();
	const none = new LRUCache<string, true>(unknown);

	async function readAgainAndAgain(): Promise<void> {
		while (!stop.aborted) {
			// A database that does not answer leaves what is known.
			await keys.list().then(
				(list) => {
					// The same object for one that has not changed: what its client has used goes by it.
					all = new Map(list.map((key) => [key.hash, unchanged(all.get(key.hash), key)]));
				},
				() => {},
			);
			await pause(readEveryMs, stop);
		}
	}

	void readAgainAndAgain();
	return {
		known(hash) {
			const key = all.get(hash);
			if (key) return key.revokedAt ? null : key;
			return none.has(hash) ? null : undefined;
		},
		async look(hash) {
			const key = await keys.find(hash);
			if (key) all.set(hash, key);
			else none.set(hash, true);
			return key && !key.revokedAt ? key : null;
		},
	};
}

function unchanged(before: ApiKey | undefined, now: ApiKey): ApiKey {
	return before && isDeepStrictEqual(before, now) ? before : now;
}

/** The key that a header holds: `Authorization: Bearer KEY`, or `x-api-key: KEY`; null where there is none. */
export function keyIn(headers: Readonly<Record<string, unknown>>): string | null {
	const { authorization, 'x-api-key': plain } = headers;
	if (typeof plain === 'string' && plain !== '') return plain;
	if (typeof authorization !== 'string') return null;
	return /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? null;
}
