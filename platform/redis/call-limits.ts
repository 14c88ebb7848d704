import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { CallLimits, Rest } from '../../domain/ports.ts';
import type { Reporter } from '../../domain/reporter.ts';
import type { Share } from './call-share.ts';
import { opened } from './connection.ts';

/** Moments are kept this much further apart than allowed, as calls do not all travel equally long. */
const margin = 1.035;
/** A download needs so long to claim its job before its call. */
const leadMs = 50;
/** Moments are given out so far ahead at the most; a process that dies loses no more of them. */
const aheadMs = 1_000;

/**
 * For the limiter's `consume`: gives out the moments of one account, evenly spaced on the clock of Redis.
 * Answers with 1 and the milliseconds until the moment, or, where that is too far ahead, with more than
 * the points there are and the milliseconds until it is not.
 */
const reserve = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local gap = math.ceil(1000 * ${margin} * ARGV[4] / ARGV[3])
local at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now + ${leadMs})
local wait = at - now
if wait > ${aheadMs} then return { ARGV[3] + 1, wait - ${aheadMs} } end
redis.call('SET', KEYS[1], string.format('%d', at + gap), 'PX', wait + gap + 1000)
return { 1, wait }`;

const holdBack = `
local t = redis.call('TIME')
local at = t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[1]
if at <= tonumber(redis.call('GET', KEYS[1]) or '0') then return end
redis.call('SET', KEYS[1], string.format('%d', at), 'PX', ARGV[1] + 1000)`;

const prefix = 'upstream:next';

export interface OpenCallLimits extends CallLimits {
	close(): void;
}

/** Shared over Redis by all processes; without Redis each keeps to its share of what is allowed. */
export async function openCallLimits(
	redis: Redis,
	share: Share,
	reporter: Pick<Reporter, 'limitsFailed'>,
): Promise<OpenCallLimits> {
	const shared = new Map<number, RateLimiterRedis>();
	const alone = new Map<string, RateLimiterMemory>();
	const days = new Map<number, RateLimiterRedis>();
	const rests = new Map<string, { state: Rest['state']; until: number }>();
	// The library gives each connection one script, so the days are counted over another.
	const counting = redis.duplicate();
	counting.on('error', () => {});
	await opened(counting);

	const limiterFor = (perSecond: number) =>
		made(shared, perSecond, () => {
			const client = { storeClient: redis, rejectIfRedisNotReady: true };
			const options = { ...client, keyPrefix: prefix, customIncrTtlLuaScript: reserve };
			return new RateLimiterRedis({ ...options, points: perSecond, duration: 1 });
		});

	/** One call at a time, each so long after the other as a share of the rate asks. */
	async function reserveAlone(account: string, perSecond: number) {
		const duration = (margin * share.processes()) / perSecond;
		const limiter = made(alone, `${account} ${duration}`, () => {
			return new RateLimiterMemory({ points: 1, duration });
		});
		try {
			await limiter.consume(account);
			return { inMs: 0 };
		} catch (refusal) {
			return againIn(refusal);
		}
	}

	/** What was learnt here holds here, whatever becomes of Redis. */
	function restHere(name: string): Rest | null {
		const rest = rests.get(name);
		const forMs = (rest?.until ?? 0) - performance.now();
		if (!rest || forMs <= 0) {
			rests.delete(name);
			return null;
		}
		return { state: rest.state, forMs };
	}

	return {
		async reserve(account, perSecond) {
			try {
				const { msBeforeNext } = await limiterFor(perSecond).consume(account);
				return { inMs: msBeforeNext };
			} catch (refusal) {
				if (refusal instanceof RateLimiterRes) return againIn(refusal);
				reporter.limitsFailed(refusal);
				return reserveAlone(account, perSecond);
			}
		},
		async countToday(account, perDay) {
			const today = new Date().toISOString().slice(0, 10);
			const limiter = made(days, perDay, () => {
				const options = { storeClient: counting, keyPrefix: 'upstream:day' };
				return new RateLimiterRedis({
					...options,
					rejectIfRedisNotReady: true,
					points: perDay,
					duration: 90_000,
				});
			});
			try {
				await limiter.consume(`${account}:${today}`);
				return true;
			} catch (refusal) {
				// The upstream itself says when its quota is spent.
				return !(refusal instanceof RateLimiterRes);
			}
		},
		async holdBack(account, ms) {
			try {
				await redis.eval(holdBack, 1, `${prefix}:${account}`, Math.ceil(ms));
			} catch (error) {
				reporter.limitsFailed(error);
			}
		},
		async rest(name, { state, forMs }) {
			rests.set(name, { state, until: performance.now() + forMs });
			try {
				await redis.set(restKey(name), state, 'PX', Math.ceil(forMs));
			} catch (error) {
				reporter.limitsFailed(error);
			}
		},
		async resting(names) {
			try {
				return await Promise.all(names.map(async (name) => (await restIn(redis, name)) ?? null));
			} catch {
				return names.map(restHere);
			}
		},
		close: () => counting.disconnect(),
	};
}

async function restIn(redis: Redis, name: string): Promise<Rest | null> {
	const [state, forMs] = await Promise.all([redis.get(restKey(name)), redis.pttl(restKey(name))]);
	if ((state !== 'parked' && state !== 'refused') || forMs <= 0) return null;
	return { state, forMs };
}

function restKey(name: string): string {
	return `upstream:rests:${name}`;
}

function againIn(refusal: unknown): { againInMs: number } {
	if (!(refusal instanceof RateLimiterRes)) throw refusal;
	return { againInMs: Math.max(1, refusal.msBeforeNext) };
}

function made<K, V>(all: Map<K, V>, key: K, make: () => V): V {
	const value = all.get(key) ?? make();
	all.set(key, value);
	return value;
}
