import { randomUUID } from 'node:crypto';
import type { RedisClient } from './connection.ts';

/** How many processes share the calls, for when Redis cannot be asked. */
export interface Share {
	processes(): number;
	close(): void;
}

const name = 'upstream:processes';
const beatMs = 5_000;
/** Assumed by a process that has never been told. */
const unknown = 4;

const beat = `
local t = redis.call('TIME')
redis.call('ZADD', KEYS[1], t[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, t[1] - 30)
redis.call('EXPIRE', KEYS[1], 60)
return redis.call('ZCARD', KEYS[1])`;

/** Tells Redis of this process every few seconds, and learns how many there are. */
export async function openShare(redis: RedisClient): Promise<Share> {
	const self = randomUUID();
	let count = unknown;

	async function tell(): Promise<void> {
		try {
			count = Math.max(1, Number(await redis.eval(beat, 1, name, self)));
		} catch {
			// What was known last is the best there is.
		}
	}

	await tell();
	const timer = setInterval(() => void tell(), beatMs);
	timer.unref();
	return {
		processes: () => count,
		close() {
			clearInterval(timer);
			redis.zrem(name, self).catch(() => {});
		},
	};
}
