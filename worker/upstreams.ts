import type { CallWatch, Upstream } from '../domain/ports.ts';
import { type Config, type SourceName, sourceNames } from '../platform/config.ts';
import type { Stores } from '../platform/open.ts';
import { openCallLimits } from '../platform/redis/call-limits.ts';
import { openShare } from '../platform/redis/call-share.ts';
import { readCallsToday } from '../platform/redis/call-state.ts';
import type { RedisClient } from '../platform/redis/connection.ts';
import type { Service } from '../platform/service.ts';
import { type Account, type ApiKey, accountsOf } from '../sources/accounts.ts';
import { createBlockscoutClient } from '../sources/blockscout/client.ts';
import type { SourceClient } from '../sources/client.ts';
import { createEtherscanClient } from '../sources/etherscan/client.ts';
import { createFallback } from '../sources/fallback.ts';
import { createMember } from '../sources/member.ts';
import { createSourcifyClient } from '../sources/sourcify/client.ts';
import { createTurns } from '../sources/turns.ts';

/** An account whose calls of a day are counted, by its names in the configuration. */
interface CountedAccount {
	upstream: string;
	account: string;
	/** Calls that it has left until 00:00 UTC, counted over all workers. */
	left(): Promise<number>;
}

interface Terms {
	client: SourceClient;
	keys: readonly ApiKey[];
	perSecond: number;
	perDay: number | null;
}

/** The upstreams of the configuration, in its order, with limits that all workers share. */
export async function openUpstreams(
	{ config, metrics, stack }: Service,
	{ redis, emit }: Pick<Stores, 'redis' | 'emit'>,
	watch: CallWatch,
): Promise<Upstream> {
	const share = await openShare(redis.commands);
	stack.defer(() => share.close());
	const limits = await openCallLimits(redis.commands, share, emit);
	stack.defer(() => limits.close());
	const counted: CountedAccount[] = [];
	const members = [...new Set(sourceNames(config))].map((name) => {
		const { client, keys, perSecond, perDay } = terms[name](config);
		const accounts = accountsOf(name, keys);
		if (perDay !== null) counted.push(...countedAccounts(name, accounts, perDay, redis.commands));
		const turns = createTurns({ upstream: client.name, accounts, perSecond, perDay }, limits);
		return createMember(client, turns, limits, memberOptions(config), emit, watch);
	});
	// Asked at every scrape, as others call too and the count begins anew at midnight.
	metrics.read('upstream_calls_left_today', async () => {
		const all = counted.map(async ({ left, ...labels }) => [labels, await left()] as const);
		// Nothing is shown of those that cannot be read.
		const read = await Promise.allSettled(all);
		return read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	});
	return createFallback(members);
}

function countedAccounts(
	upstream: string,
	accounts: readonly Account[],
	perDay: number,
	redis: RedisClient,
): CountedAccount[] {
	return accounts.map(({ name }) => ({
		upstream,
		account: name.slice(upstream.length + 1) || 'main',
		left: async () => Math.max(0, perDay - (await readCallsToday(redis, name))),
	}));
}

const terms: Record<SourceName, (config: Config) => Terms> = {
	etherscan: (config) => ({
		client: createEtherscanClient({
			...httpLimits(config),
			url: config.ETHERSCAN_URL,
			secrets: config.ETHERSCAN_API_KEYS.map(({ key }) => key),
		}),
		keys: config.ETHERSCAN_API_KEYS,
		perSecond: config.ETHERSCAN_RPS,
		perDay: config.ETHERSCAN_CALLS_PER_DAY,
	}),
	sourcify: (config) => ({
		client: createSourcifyClient({ ...httpLimits(config), url: config.SOURCIFY_URL }),
		keys: [],
		perSecond: config.SOURCIFY_RPS,
		perDay: null,
	}),
	blockscout: (config) => ({
		client: createBlockscoutClient({ ...httpLimits(config), url: config.BLOCKSCOUT_URL }),
		keys: config.BLOCKSCOUT_API_KEY,
		perSecond: config.BLOCKSCOUT_RPS,
		perDay: config.BLOCKSCOUT_CALLS_PER_DAY,
	}),
};

function httpLimits(config: Config) {
	return {
		timeoutMs: config.UPSTREAM_TIMEOUT_MS,
		maxBytes: config.UPSTREAM_MAX_BYTES,
		maxSourceBytes: config.SOURCE_MAX_BYTES,
	};
}

function memberOptions(config: Config) {
	return {
		breakerFailures: config.BREAKER_FAILURES,
		breakerMs: config.BREAKER_MS,
		patienceMs: { before: config.TURN_PATIENCE_MS, begun: config.LEASE_MS / 10 },
	};
}
