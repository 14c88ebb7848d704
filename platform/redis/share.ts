import { randomUUID } from 'node:crypto';
import type { RedisClient } from './connection.ts';

/** How many processes of a kind share what is scarce, for when Redis cannot be asked. */
export interface Share {
	processes(): number;
	close(): void;
}

/** Whoever calls upstreams, and servers. */
const names = { upstream: 'upstream:processes', server: 'server:processes' } as const;
const beatMs = 5_000;
/** Assumed by a process that does not know yet. */
const assumed = 4;

const beat = `
local t = redis.call('TIME')
redis.call('ZADD', KEYS[1], t[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, t[1] - 30)
redis.call('EXPIRE', KEYS[1], 60)
return redis.call('ZCARD', KEYS[1])`;

/** Reports this process to Redis every few seconds, and learns how many there are. */
export async function openShare(redis: RedisClient, kind: keyof typeof names): Promise<Share> {
	const self = randomUUID();
	let count = assumed;

	async function report(): Promise<void> {
		try {
			count = Math.max(1, Number(await redis.eval(beat, 1, names[kind], self)));
		} catch {
			// What was known last is the best there is.
		}
	}

	await report();
	const timer = setInterval(() => void report(), beatMs);
	timer.unref();
	return {
		processes: () => count,
		close() {
			clearInterval(timer);
			redis.zrem(names[kind], self).catch(() => {});
		},
	};
}
