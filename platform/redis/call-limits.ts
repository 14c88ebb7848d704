import { Cluster } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { CallLimits, Reservation, Rest } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { createKnown } from './call-known.ts';
import { accountDay, awake, dayPrefix, momentName, nextPrefix, restName } from './call-names.ts';
import type { Share } from './call-share.ts';
import { aliveMs, keepAlive, opened, type RedisClient } from './connection.ts';

/** Moments are kept this much further apart than allowed, as calls do not all travel equally long. */
const margin = 1.035;
/** A download needs so long to claim its job before its call. */
const leadMs = 50;
/** Moments are given out so far ahead at the most; a process that dies loses no more of them. */
const aheadMs = 1_000;
/** After a failure Redis is not asked for so long. */
const aloneMs = 5_000;

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

export interface OpenCallLimits extends CallLimits {
	close(): void;
}

/** Shared over Redis by all processes; without Redis each keeps to its share of what is allowed. */
export async function openCallLimits(
	redis: RedisClient,
	share: Share,
	emit: Emit,
): Promise<OpenCallLimits> {
	const shared = new Map<number, RateLimiterRedis>();
	const alone = new Map<string, RateLimiterMemory>();
	const days = new Map<number, RateLimiterRedis>();
	const known = createKnown();
	let aloneUntil = 0;
	// The library gives each connection one script, as a command of its own; and a command that is defined
	// while ioredis bundles others ends the process. So each has a connection that bundles nothing.
	const [pacing, counting] = [ownConnection(redis), ownConnection(redis)];
	await Promise.all([opened(pacing), opened(counting)]);

	/** A Redis that hangs costs its time-out once in a while, and not at every call. */
	async function together<T>(work: () => Promise<T>, otherwise: () => T | Promise<T>): Promise<T> {
		if (performance.now() < aloneUntil) return otherwise();
		try {
			return await work();
		} catch (error) {
			aloneUntil = performance.now() + aloneMs;
			emit({ type: 'call-limits.failed', error });
			return otherwise();
		}
	}

	const limiterFor = (perSecond: number) =>
		made(shared, perSecond, () => {
			const client = { storeClient: pacing, rejectIfRedisNotReady: true };
			const options = { ...client, keyPrefix: nextPrefix, customIncrTtlLuaScript: reserve };
			return new RateLimiterRedis({ ...options, points: perSecond, duration: 1 });
		});

	/** One call at a time, each so long after the other as a share of the rate asks. */
	async function reserveAlone(account: string, perSecond: number): Promise<Reservation> {
		const held = known.heldBack(account);
		if (held > 0) return { againInMs: held };
		const duration = (margin * share.processes()) / perSecond;
		const limiter = made(alone, `${account} ${duration}`, () => {
			return new RateLimiterMemory({ points: 1, duration });
		});
		return reservation(limiter.consume(account).then(() => ({ msBeforeNext: leadMs })));
	}

	return {
		reserve: (account, perSecond) =>
			together(
				() => reservation(limiterFor(perSecond).consume(account)),
				() => reserveAlone(account, perSecond),
			),
		async countToday(account, perDay) {
			const limiter = made(days, perDay, () => {
				const client = { storeClient: counting, rejectIfRedisNotReady: true };
				const options = { ...client, keyPrefix: dayPrefix };
				return new RateLimiterRedis({ ...options, points: perDay, duration: 90_000 });
			});
			return together(
				async () => 'inMs' in (await reservation(limiter.consume(accountDay(account, new Date())))),
				// The upstream itself says when its quota is spent.
				() => true,
			);
		},
		async holdBack(account, ms) {
			known.holdBack(account, ms);
			await together(
				async () => void (await redis.eval(holdBack, 1, momentName(account), Math.ceil(ms))),
				() => {},
			);
		},
		async rest(name, { state, forMs }) {
			known.rest(name, { state, forMs });
			await together(
				async () => void (await redis.set(restName(name), state, 'PX', Math.ceil(forMs))),
				() => {},
			);
		},
		async resting(names) {
			// What was learnt here holds here, also where Redis takes no writes.
			return together(
				() =>
					Promise.all(
						names.map(async (name) => {
							const shared = await restIn(redis, name);
							if (shared === awake) known.wake(name);
							return shared === awake ? null : (shared ?? known.resting(name));
						}),
					),
				() => names.map((name) => known.resting(name)),
			);
		},
		close() {
			pacing.disconnect();
			counting.disconnect();
		},
	};
}

function ownConnection(redis: RedisClient): RedisClient {
	const own =
		redis instanceof Cluster ? redis.duplicate() : redis.duplicate({ enableAutoPipelining: false });
	own.on('error', () => {});
	keepAlive(own, aliveMs);
	return own;
}

async function restIn(redis: RedisClient, name: string): Promise<Rest | typeof awake | null> {
	const [state, forMs] = await Promise.all([redis.get(restName(name)), redis.pttl(restName(name))]);
	if (state === awake) return awake;
	if ((state !== 'parked' && state !== 'refused') || forMs <= 0) return null;
	return { state, forMs };
}

/** The library rejects with what it knows where there are no points left, and with an error else. */
async function reservation(consumed: Promise<{ msBeforeNext: number }>): Promise<Reservation> {
	try {
		return { inMs: (await consumed).msBeforeNext };
	} catch (refusal) {
		if (!(refusal instanceof RateLimiterRes)) throw refusal;
		return { againInMs: Math.max(1, refusal.msBeforeNext) };
	}
}

function made<K, V>(all: Map<K, V>, key: K, make: () => V): V {
	const value = all.get(key) ?? make();
	all.set(key, value);
	return value;
}
