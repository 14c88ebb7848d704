import type { Command } from 'commander';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from '../../platform/redis/connection.ts';
import { withAdmin } from './admin.ts';
import { command } from './options.ts';

export function cacheClear(): Command {
	return command(
		'clear',
		'Empty the cache of contracts; the next readers fill it again.\nNeeded after the database was put back to an earlier state by hand. Limits and rests of keys stay.',
		['cache clear'],
	).action((options: { json: boolean }) =>
		withAdmin(options, ['REDIS_URL'], async (admin) => {
			const { commands } = await admin.redis();
			const cleared = await clearContractCache(commands);
			admin.result({ cleared }, `${cleared} entries cleared.`);
		}),
	);
}

/**
 * Empties the cache of contracts, fills under way included, and touches nothing else in Redis; how many there were.
 * Needed where versions may have gone back: an entry is only ever dropped for one that is newer.
 */
export async function clearContractCache(redis: RedisClient): Promise<number> {
	const masters = redis instanceof Cluster ? redis.nodes('master') : [redis];
	let cleared = 0;
	for (const master of masters) cleared += await clearServer(master);
	return cleared;
}

async function clearServer(redis: Redis): Promise<number> {
	let cleared = 0;
	for await (const names of redis.scanStream({ match: 'contract:*', count: 1_000 })) {
		// What the stream gives is not typed; it is a list of keys. One at a time: a cluster takes no others.
		const found = names as string[];
		const counts = await Promise.all(found.map((name) => redis.unlink(name)));
		cleared += counts.reduce((sum, count) => sum + count, 0);
	}
	return cleared;
}
