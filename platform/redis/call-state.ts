import type { Rest } from '../../domain/ports.ts';
import { accountDay, awake, dayPrefix, momentName, restName } from './call-names.ts';
import type { RedisClient } from './connection.ts';

/** How an account stands, as all workers see it. */
export interface AccountState {
	rest: Rest | null;
	/** In the order asked. */
	keyRests: (Rest | null)[];
	/** Milliseconds until the next call may be made; more than a second or two: it was asked to slow down. */
	nextCallInMs: number;
	callsToday: number;
}

/** Rests are given for a day at the most, so nothing that a process learnt before outlives this. */
const awakeMs = 26 * 3_600_000;

export async function readAccountState(
	redis: RedisClient,
	account: string,
	keyIds: readonly string[],
): Promise<AccountState> {
	const [[seconds, micros], next, callsToday, rest, ...keyRests] = await Promise.all([
		redis.time(),
		redis.get(momentName(account)),
		readCallsToday(redis, account),
		restOf(redis, account),
		...keyIds.map((id) => restOf(redis, id)),
	]);
	const now = Number(seconds) * 1_000 + Number(micros) / 1_000;
	return {
		rest,
		keyRests,
		nextCallInMs: Math.max(0, Math.round(Number(next ?? 0) - now)),
		callsToday,
	};
}

/** Calls of this UTC day, by all workers. */
export async function readCallsToday(redis: RedisClient, account: string): Promise<number> {
	return Number((await redis.get(`${dayPrefix}:${accountDay(account, new Date())}`)) ?? 0);
}

/** Ends the rests of accounts and keys in every process, and the waits of accounts. */
export async function wake(redis: RedisClient, names: readonly string[]): Promise<void> {
	for (const name of names) {
		await redis.set(restName(name), awake, 'PX', awakeMs);
		await redis.del(momentName(name));
	}
}

async function restOf(redis: RedisClient, name: string): Promise<Rest | null> {
	const [state, forMs] = await Promise.all([redis.get(restName(name)), redis.pttl(restName(name))]);
	if ((state !== 'parked' && state !== 'refused') || forMs <= 0) return null;
	return { state, forMs };
}
