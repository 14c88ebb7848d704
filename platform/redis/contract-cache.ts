import { randomUUID } from 'node:crypto';
import { Cluster } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type Contract, type ContractKey, contracts, keyText } from '../../domain/contract.ts';
import type { ContractCache } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { outside } from '../telemetry/tracing/spans.ts';
import type { RedisClient, RedisConnections } from './connection.ts';
import { observed } from './observe.ts';

/** A fill that takes longer than this is void. */
const fillMs = 30_000;
/** After an outage all processes have connected again by then, and have flushed their pending drops. */
const settleMs = 5_000;
/** Drops that are remembered while Redis is away, and how many of them are sent at once when it is back. */
const mostPending = 100_000;
const flushedAtOnce = 500;
/** Contracts that are kept as they were read, and characters of all of them together. */
const mostKnown = 5_000;
const mostKnownText = 20_000_000;

/**
 * The server process that an entry was made on: a replica that was promoted, or a server that was started again,
 * may lack the last drops, so what it took over from before counts as none. (Its field is read by former releases.)
 */
const runId = `local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')`;

/** The data of an entry; where there is none, the ticket to fill it, and whether there was one that counts as none. */
const getScript = `${runId}
local entry = redis.call('HMGET', KEYS[1], 'home', 'data', 'ticket')
if entry[1] == run_id and entry[2] then return { entry[2] } end
if entry[1] ~= run_id then redis.call('DEL', KEYS[1]) end
local stale = entry[1] and entry[1] ~= run_id and entry[2]
local ticket = entry[1] == run_id and entry[3] or ARGV[1]
redis.call('HSET', KEYS[1], 'home', run_id, 'ticket', ticket)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { false, ticket, stale and 1 or 0 }`;

/** Only the newest ticket of an entry that was not dropped since may fill it. */
const fillScript = `${runId}
local entry = redis.call('HMGET', KEYS[1], 'home', 'ticket')
if entry[1] ~= run_id or entry[2] ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'ticket')
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'data', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

/**
 * The run id of the server that answers now, asked once for each connection: an entry of the same id needs no script. Null
 * while it is not known, and in a cluster, where each key may have another server.
 */
function watchHome(redis: RedisClient): () => string | null {
	let home: string | null = null;
	if (redis instanceof Cluster) return () => null;
	const ask = async () => {
		const answer = await redis.info('server').catch(() => '');
		home = /run_id:([0-9a-f]+)/.exec(answer)?.[1] ?? null;
	};
	redis.on('close', () => {
		home = null;
	});
	redis.on('ready', ask);
	if (redis.status === 'ready') void ask();
	return () => home;
}

/** What is no entry of ours has no version, and goes. */
const dropScript = `
local version = tonumber(redis.pcall('HGET', KEYS[1], 'version'))
if version and version >= tonumber(ARGV[1]) then return 0 end
return redis.call('DEL', KEYS[1])`;

/**
 * The cache entry of a contract: a Redis hash with its `version` and its JSON `data`, or with the `ticket` of a fill
 * under way, and the `home` of both. A drop that did not reach Redis is made up for when it is back.
 */
export function createContractCache(redis: RedisClient, ttlMs: number, emit: Emit): ContractCache {
	const pending = new Map<string, number>();
	const homeOf = watchHome(redis);
	/** What was read before, by its text: the hot ones come again and again. */
	const known = new LRUCache<string, Contract>({
		max: mostKnown,
		maxSize: mostKnownText,
		sizeCalculation: (_, data) => data.length,
	});
	let flushing = false;
	let doubtedUntil = 0;

	async function dropNow(name: string, version: number): Promise<void> {
		await observed(emit, 'del', () => redis.eval(dropScript, 1, name, version));
		if ((pending.get(name) ?? 0) <= version) pending.delete(name);
	}

	/** The entries asked for in this turn of the event loop, none of which has been written to the socket yet. */
	const asked = new Map<string, Promise<string | null>>();

	/** The data of an entry that counts, at the cost of one command; null: the script has to look. */
	function peek(name: string): Promise<string | null> {
		const before = asked.get(name);
		if (before) return before;
		// Whoever asks after this turn asks anew: an entry may have been dropped since. It comes before the sending.
		if (asked.size === 0) setImmediate(() => asked.clear());
		const answer = observed(emit, 'get', async () => {
			const [home = null, data = null] = await redis.hmget(name, 'home', 'data');
			return home !== null && home === homeOf() ? data : null;
		});
		asked.set(name, answer);
		return answer;
	}

	async function look(name: string) {
		const found = homeOf() === null ? null : await peek(name);
		if (found !== null) return { data: found, ticket: '', stale: false };
		// An array of one or three, as the script returns it.
		const [data, ticket = '', stale] = (await observed(emit, 'get', () =>
			redis.eval(getScript, 1, name, randomUUID(), fillMs),
		)) as [string | null, string?, number?];
		return { data, ticket, stale: stale === 1 };
	}

	/** Whatever is pending, at the next chance and until none is left. */
	async function flush(): Promise<void> {
		if (flushing) return;
		flushing = true;
		const left = [...pending];
		while (left.length > 0 && redis.status === 'ready') {
			const drops = left.splice(0, flushedAtOnce).map(([name, version]) => dropNow(name, version));
			await Promise.all(drops).catch((error) =>
				emit({ type: 'cache.failed', operation: 'drop', error }),
			);
		}
		flushing = false;
		if (pending.size > 0) flushLater();
	}

	function flushLater(): void {
		outside(() => setTimeout(() => void flush(), 1_000).unref());
	}

	const doubt = () => {
		doubtedUntil = performance.now() + settleMs;
	};
	redis.on('ready', () => {
		doubt();
		void flush();
	});
	// Of a cluster: the others go on.
	redis.on('-node', doubt);

	return {
		async get(key) {
			if (performance.now() < doubtedUntil) return null;
			const name = cacheKey(key);
			// A client of this process may have seen the event that this drop belongs to.
			const dropped = pending.get(name);
			if (dropped !== undefined) await dropNow(name, dropped);
			const { data, ticket, stale } = await look(name);
			if (data === null) return { miss: ticket, ...(stale && { stale }) };
			try {
				const before = known.get(data);
				if (before) return { hit: before };
				const contract = contracts.read(data);
				known.set(data, contract);
				return { hit: contract };
			} catch (error) {
				emit({ type: 'message.unreadable', where: 'cache', error });
				await redis.del(name);
				// Should somebody have filled it meanwhile, this ticket fills nothing.
				return { miss: (await look(name)).ticket || randomUUID() };
			}
		},
		async fill(contract, ticket) {
			const data = contracts.write(contract);
			const name = cacheKey(contract);
			const filled = await observed(emit, 'set', () =>
				redis.eval(fillScript, 1, name, ticket, contract.version, data, ttlMs),
			);
			return filled === 1;
		},
		async drop(key, version) {
			const name = cacheKey(key);
			try {
				await dropNow(name, version);
			} catch (error) {
				if (pending.size === 0) flushLater();
				// An entry that is older than its time to live is gone by itself.
				if (pending.size >= mostPending) pending.delete(pending.keys().next().value ?? '');
				pending.set(name, Math.max(version, pending.get(name) ?? 0));
				throw error;
			}
		},
	};
}

export function cacheKey(key: ContractKey): string {
	return `contract:${keyText(key)}`;
}

const warmupKey = 'warmup:last';
const count = z.coerce.number();
const warmup = z.object({ filled: count, skipped: count, seconds: count, at: z.coerce.date() });

/** How many contracts a warm-up put into the cache, how many it left out, and when it ended. */
export type WarmupResult = z.output<typeof warmup>;

/** What the last warm-up did, for as long as Redis keeps it; null when there was none. */
export async function readWarmup({ commands }: RedisConnections): Promise<WarmupResult | null> {
	return warmup.safeParse(await commands.hgetall(warmupKey)).data ?? null;
}

export async function writeWarmup(
	{ commands }: RedisConnections,
	{ filled, skipped, seconds, at }: WarmupResult,
): Promise<void> {
	await commands.hset(warmupKey, { filled, skipped, seconds, at: at.toISOString() });
}

/** The warm-up ends before it can be scraped, so a server shows its result; nothing while Redis is away. */
export function showWarmup(metrics: Metrics, redis: RedisConnections): void {
	metrics.read('cache_warmup_entries', async () => {
		const last = await readWarmup(redis);
		return [
			[{ result: 'filled' }, last?.filled ?? 0],
			[{ result: 'skipped' }, last?.skipped ?? 0],
		];
	});
	metrics.read(
		'cache_warmup_duration_seconds',
		async () => (await readWarmup(redis))?.seconds ?? 0,
	);
	metrics.read('cache_warmup_last_success_timestamp_seconds', async () => {
		const last = await readWarmup(redis);
		return (last?.at.getTime() ?? 0) / 1_000;
	});
}
