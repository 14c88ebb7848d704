import type { Suspension } from '../../domain/ports.ts';
import type { RedisClient } from './connection.ts';

/** The next free slot of an account, in milliseconds of Redis' clock: below the prefix by its name. */
export const slotPrefix = 'upstream:next';
/** An account's calls of one day, by its name and the UTC day. */
export const dayPrefix = 'upstream:day';

export function slotName(account: string): string {
	return `${slotPrefix}:${account}`;
}

export function dayName(account: string, now: Date): string {
	return `${account}:${now.toISOString().slice(0, 10)}`;
}

function suspensionName(accountOrKey: string): string {
	return `upstream:rests:${accountOrKey}`;
}

/**
 * Stands where a suspension did that a person has ended: each process forgets its own. Processes of a
 * former release, which may run beside this one, read this value and the `rests` in the names.
 */
const resumed = 'awake';
/** Suspensions last a day at the most, so none that a process knows of from before outlives this. */
const resumedMs = 26 * 3_600_000;

export async function writeSuspension(
	redis: RedisClient,
	name: string,
	{ state, forMs }: Suspension,
): Promise<void> {
	await redis.set(suspensionName(name), state, 'PX', Math.ceil(forMs));
}

export async function readSuspension(
	redis: RedisClient,
	name: string,
): Promise<Suspension | 'resumed' | null> {
	const at = suspensionName(name);
	const state = await redis.get(at);
	if (state === resumed) return 'resumed';
	if (state !== 'parked' && state !== 'refused') return null;
	const forMs = await redis.pttl(at);
	return forMs > 0 ? { state, forMs } : null;
}

/** Ends the suspensions of accounts and keys in every process, and the waits of accounts. */
export async function resume(redis: RedisClient, names: readonly string[]): Promise<void> {
	for (const name of names) {
		await redis.set(suspensionName(name), resumed, 'PX', resumedMs);
		await redis.del(slotName(name));
	}
}

/** Calls of this UTC day, by all workers. */
export async function readCallsToday(redis: RedisClient, account: string): Promise<number> {
	return Number((await redis.get(`${dayPrefix}:${dayName(account, new Date())}`)) ?? 0);
}
