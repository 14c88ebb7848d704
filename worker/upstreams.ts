import type { Upstreams } from '../domain/ports.ts';
import { sourceNames, termsOf } from '../platform/config.ts';
import type { Stores } from '../platform/open.ts';
import { readCallsToday } from '../platform/redis/account-state.ts';
import { openCallLimits } from '../platform/redis/call-limits.ts';
import { openShare } from '../platform/redis/share.ts';
import type { Service } from '../platform/service.ts';
import { accountsOf } from '../sources/turns.ts';
import { createUpstreams, openUpstream } from '../sources/upstreams.ts';

/** The upstreams of the configuration, in its order, with limits that all workers share. */
export async function openUpstreams(
	{ config, metrics, stack }: Service,
	{ redis, emit }: Pick<Stores, 'redis' | 'emit'>,
): Promise<Upstreams> {
	const share = await openShare(redis.commands, 'upstream');
	stack.defer(() => share.close());
	const limits = await openCallLimits(redis.commands, share, emit);
	stack.defer(() => limits.close());
	const named = sourceNames(config).map((name) => ({ name, terms: termsOf(config, name) }));
	const counted = named.flatMap(({ name, terms: { keys, perDay } }) =>
		(perDay === null ? [] : accountsOf(name, keys)).map((account) => ({
			upstream: name,
			account: account.name.slice(name.length + 1) || 'main',
			left: async () =>
				Math.max(0, (perDay ?? 0) - (await readCallsToday(redis.commands, account.name))),
		})),
	);
	// Asked at every scrape, as others call too and the count begins anew at midnight.
	metrics.read('upstream_calls_left_today', async () => {
		const all = counted.map(async ({ left, ...labels }) => [labels, await left()] as const);
		// Nothing is shown of those that cannot be read.
		const read = await Promise.allSettled(all);
		return read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	});
	const options = {
		limits: { timeoutMs: config.UPSTREAM_TIMEOUT_MS, maxBytes: config.UPSTREAM_MAX_BYTES },
		maxSourceBytes: config.SOURCE_MAX_BYTES,
		breakerFailures: config.BREAKER_FAILURES,
		breakerMs: config.BREAKER_MS,
		patienceMs: { before: config.TURN_PATIENCE_MS, begun: config.LEASE_MS / 10 },
	};
	return createUpstreams(
		named.map(({ name, terms }) => openUpstream(name, terms, options, limits, emit)),
	);
}
