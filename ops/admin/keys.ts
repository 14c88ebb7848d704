import type { Rest } from '../../domain/ports.ts';
import { type Config, type SourceName, sourceNames } from '../../platform/config.ts';
import { type AccountState, readAccountState } from '../../platform/redis/call-state.ts';
import type { RedisConnections } from '../../platform/redis/connection.ts';
import { type Account, accountsOf } from '../../sources/accounts.ts';

export interface UpstreamAccount extends Account {
	upstream: SourceName;
	perSecond: number;
	perDay: number | null;
}

/** Every account of the configuration, in the order in which their upstreams are asked. */
export function accountsIn(config: Config): UpstreamAccount[] {
	const terms = {
		etherscan: {
			keys: config.ETHERSCAN_API_KEYS,
			perSecond: config.ETHERSCAN_RPS,
			perDay: config.ETHERSCAN_CALLS_PER_DAY,
		},
		sourcify: { keys: [], perSecond: config.SOURCIFY_RPS, perDay: null },
		blockscout: {
			keys: config.BLOCKSCOUT_API_KEY,
			perSecond: config.BLOCKSCOUT_RPS,
			perDay: config.BLOCKSCOUT_CALLS_PER_DAY,
		},
	};
	return [...new Set(sourceNames(config))].flatMap((upstream) => {
		const { keys, ...rates } = terms[upstream];
		return accountsOf(upstream, keys).map((account) => ({ upstream, ...rates, ...account }));
	});
}

export type Standing = 'in use' | 'spare' | 'quota spent' | 'refused' | 'asked to wait';

export interface KeyFacts {
	upstream: SourceName;
	account: string;
	/** A hash of it, as in logs; null where calls carry none. */
	key: string | null;
	stands: Standing;
	until: Date | null;
	callsToday: number;
	leftToday: number | null;
}

/** Moments are given out a second ahead; a wait that is longer was asked for by the upstream. */
const askedToWaitMs = 2_000;

/** How each key stands for all workers. What a worker learnt while Redis was away, only that worker knows. */
export async function readKeys(
	accounts: readonly UpstreamAccount[],
	{ commands }: RedisConnections,
): Promise<KeyFacts[]> {
	const facts: KeyFacts[] = [];
	for (const account of accounts) {
		const ids = account.keys.map(({ id }) => id);
		const state = await readAccountState(commands, account.name, ids);
		const first = state.keyRests.indexOf(null);
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

function standingOf(
	{ rest, keyRests, nextCallInMs }: AccountState,
	index: number,
	firstFree: number,
): { stands: Standing; forMs: number } {
	const own = keyRests[index] ?? null;
	const resting = own ?? rest;
	if (resting) return { stands: reasonOf(resting), forMs: resting.forMs };
	if (nextCallInMs > askedToWaitMs) return { stands: 'asked to wait', forMs: nextCallInMs };
	return { stands: index === firstFree ? 'in use' : 'spare', forMs: 0 };
}

function reasonOf({ state }: Rest): Standing {
	return state === 'parked' ? 'quota spent' : 'refused';
}
