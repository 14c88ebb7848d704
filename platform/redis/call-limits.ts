import { Cluster } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { CallLimits, Reservation, Suspension } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import {
	dayName,
	dayPrefix,
	readSuspension,
	slotName,
	slotPrefix,
	writeSuspension,
} from './account-state.ts';
import { aliveMs, keepAlive, opened, type RedisClient } from './connection.ts';
import type { Share } from './share.ts';
import { createTogether } from './together.ts';

/** Slots are kept this much further apart than allowed, as calls do not all travel equally long. */
const margin = 1.035;
/** A download needs so long to claim its job before its call. */
const leadMs = 50;
/** Slots are given out so far ahead at the most; a process that dies loses no more of them. */
const aheadMs = 1_000;

/**
 * For the limiter's `consume`: gives out the slots of one account, evenly spaced on the clock of Redis.
 * Answers with 1 and the milliseconds until the slot, or, where that is too far ahead, with more than
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

const holdBackScript = `
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
	const local = createLocalLimits();
	const together = createTogether(emit);
	// The library gives each connection one script, as a command of its own; and a command that is defined
	// while ioredis bundles others ends the process. So each has a connection that bundles nothing.
	const [slots, counting] = [ownConnection(redis), ownConnection(redis)];
	await Promise.all([opened(slots), opened(counting)]);

	const limiterFor = (perSecond: number) =>
		made(shared, perSecond, () => {
			const client = { storeClient: slots, rejectIfRedisNotReady: true };
			const options = { ...client, keyPrefix: slotPrefix, customIncrTtlLuaScript: reserve };
			return new RateLimiterRedis({ ...options, points: perSecond, duration: 1 });
		});

	/** One call at a time, each so long after the other as a share of the rate asks. */
	async function reserveAlone(account: string, perSecond: number): Promise<Reservation> {
		const held = local.heldBack(account);
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
				async () => 'inMs' in (await reservation(limiter.consume(dayName(account, new Date())))),
				// The upstream itself says when its quota is spent.
				() => true,
			);
		},
		async holdBack(account, ms) {
			local.holdBack(account, ms);
			await together(
				async () => void (await redis.eval(holdBackScript, 1, slotName(account), Math.ceil(ms))),
				() => {},
			);
		},
		async suspend(name, suspension) {
			local.suspend(name, suspension);
			await together(
				() => writeSuspension(redis, name, suspension),
				() => {},
			);
		},
		// What this process was told holds here, also where Redis takes no writes.
		suspensions: (names) =>
			together(
				() =>
					Promise.all(
						names.map(async (name) => {
							const shared = await readSuspension(redis, name);
							if (shared === 'resumed') local.resume(name);
							return shared === 'resumed' ? null : (shared ?? local.suspension(name));
						}),
					),
				() => names.map((name) => local.suspension(name)),
			),
		close() {
			slots.disconnect();
			counting.disconnect();
		},
	};
}

/** Of a limiter: the library defines a script in it, which must not meet commands that are bundled. */
export function ownConnection(redis: RedisClient): RedisClient {
	const own =
		redis instanceof Cluster ? redis.duplicate() : redis.duplicate({ enableAutoPipelining: false });
	own.on('error', () => {});
	keepAlive(own, aliveMs);
	return own;
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

/** What this process itself was told about accounts and keys; it holds with and without Redis. */
function createLocalLimits() {
	const suspended = new Map<string, { state: Suspension['state']; until: number }>();
	const held = new Map<string, number>();

	return {
		suspend(name: string, { state, forMs }: Suspension): void {
			suspended.set(name, { state, until: performance.now() + forMs });
		},
		suspension(name: string): Suspension | null {
			const known = suspended.get(name);
			const forMs = (known?.until ?? 0) - performance.now();
			if (known && forMs > 0) return { state: known.state, forMs };
			suspended.delete(name);
			return null;
		},
		resume: (name: string) => void suspended.delete(name),
		holdBack(account: string, ms: number): void {
			held.set(account, Math.max(held.get(account) ?? 0, performance.now() + ms));
		},
		/** Milliseconds for which nobody calls for the account; 0 where one may. */
		heldBack: (account: string) => Math.max(0, (held.get(account) ?? 0) - performance.now()),
	};
}
