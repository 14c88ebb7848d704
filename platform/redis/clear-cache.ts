import type { Redis } from 'ioredis';

/**
 * Empties the cache of contracts, fills under way included, and touches nothing else in Redis. Needed where
 * versions may have gone back: an entry is only ever dropped for one that is newer.
 */
export async function clearContractCache(redis: Redis): Promise<number> {
	let cleared = 0;
	for await (const names of redis.scanStream({ match: 'contract:*', count: 1_000 })) {
		// What the stream gives is not typed; it is a list of keys.
		const found = names as string[];
		if (found.length > 0) cleared += await redis.unlink(...found);
	}
	return cleared;
}
