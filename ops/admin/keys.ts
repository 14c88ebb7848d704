import type { Suspension } from '../../domain/ports.ts';
import type { UpstreamName } from '../../domain/upstreams.ts';
import { type Config, sourceNames, termsOf } from '../../platform/config.ts';
import { readCallsToday, readSuspension, slotName } from '../../platform/redis/account-state.ts';
import type { RedisClient, RedisConnections } from '../../platform/redis/connection.ts';
import { type Account, accountsOf } from '../../sources/turns.ts';

export interface UpstreamAccount extends Account {
	upstream: UpstreamName;
	perDay: number | null;
}

/** Every account of the configuration, in the order in which their upstreams are asked. */
export function accountsIn(config: Config): UpstreamAccount[] {
	return sourceNames(config).flatMap((upstream) => {
		const { keys, perDay } = termsOf(config, upstream);
		return accountsOf(upstream, keys).map((account) => ({ upstream, perDay, ...account }));
	});
}

export type Standing = 'in use' | 'spare' | 'quota spent' | 'refused' | 'asked to wait';

export interface KeyFacts {
	upstream: UpstreamName;
	account: string;
	/** A hash of it, as in logs; null where calls carry none. */
	key: string | null;
	stands: Standing;
	until: Date | null;
	callsToday: number;
	leftToday: number | null;
}

/** Slots are given out a second ahead; a wait that is longer was asked for by the upstream. */
const askedToWaitMs = 2_000;

/** How each key stands for all workers. What a worker was told while Redis was away, only that worker knows. */
export async function readKeys(
	accounts: readonly UpstreamAccount[],
	{ commands }: RedisConnections,
): Promise<KeyFacts[]> {
	const facts: KeyFacts[] = [];
	for (const account of accounts) {
		const ids = account.keys.map(({ id }) => id);
		const state = await readAccountState(commands, account.name, ids);
		const first = state.ofKeys.indexOf(null);
		for (const [index, key] of account.keys.entries()) {
			const { stands, forMs } = standingOf(state, index, first);
			facts.push({
				upstream: account.upstream,
				account: account.name,
				key: key.secret === null ? null : (key.id.split(':').at(-1) ?? null),
				stands,
				until: forMs > 0 ? new Date(Date.now() + forMs) : null,
				callsToday: state.callsToday,
				leftToday: account.perDay === null ? null : Math.max(0, account.perDay - state.callsToday),
			});
		}
	}
	return facts;
}

/** How an account stands, as all workers see it. */
interface AccountState {
	suspension: Suspension | null;
	/** In the order asked. */
	ofKeys: (Suspension | null)[];
	/** Milliseconds until the next call may be made; more than a second or two: it was asked to slow down. */
	nextCallInMs: number;
	callsToday: number;
}

async function readAccountState(
	redis: RedisClient,
	account: string,
	keyIds: readonly string[],
): Promise<AccountState> {
	const [[seconds, micros], next, callsToday, suspension, ...ofKeys] = await Promise.all([
		redis.time(),
		redis.get(slotName(account)),
		readCallsToday(redis, account),
		...[account, ...keyIds].map(async (name) => {
			const found = await readSuspension(redis, name);
			return found === 'resumed' ? null : found;
		}),
	]);
	const now = Number(seconds) * 1_000 + Number(micros) / 1_000;
	return {
		suspension: suspension ?? null,
		ofKeys,
		nextCallInMs: Math.max(0, Math.round(Number(next ?? 0) - now)),
		callsToday,
	};
}

function standingOf(
	{ suspension, ofKeys, nextCallInMs }: AccountState,
	index: number,
	firstFree: number,
): { stands: Standing; forMs: number } {
	const suspended = ofKeys[index] ?? suspension;
	if (suspended) return { stands: reasonOf(suspended), forMs: suspended.forMs };
	if (nextCallInMs > askedToWaitMs) return { stands: 'asked to wait', forMs: nextCallInMs };
	return { stands: index === firstFree ? 'in use' : 'spare', forMs: 0 };
}

function reasonOf({ state }: Suspension): Standing {
	return state === 'parked' ? 'quota spent' : 'refused';
}
