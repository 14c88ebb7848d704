import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import type { ContractCache } from '../../domain/ports.ts';
import type { Reporter } from '../../domain/reporter.ts';
import { parseContract } from './wire.ts';

/** A fill that takes longer than this is void. */
const fillMs = 30_000;

/** Drops that are remembered while Redis is away. */
const mostOwed = 100_000;

const miss = `
redis.call('HSETNX', KEYS[1], 'ticket', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('HGET', KEYS[1], 'ticket')`;

/** Only the newest ticket of an entry that was not dropped since may fill it. */
const fill = `
if redis.call('HGET', KEYS[1], 'ticket') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'ticket')
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'data', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

const drop = `
local version = redis.call('HGET', KEYS[1], 'version')
if version and tonumber(version) >= tonumber(ARGV[1]) then return 0 end
return redis.call('DEL', KEYS[1])`;

/**
 * The cache entry of a contract: a Redis hash with its `version` and its JSON `data`, or with the
 * `ticket` of a fill under way. A drop that Redis could not be told of is made up for when it is back.
 */
export function createContractCache(
	redis: Redis,
	ttlMs: number,
	reporter: Reporter,
): ContractCache {
	const owed = new Map<string, number>();
	let paying = false;

	async function dropNow(name: string, version: number): Promise<void> {
		await redis.eval(drop, 1, name, version);
		if ((owed.get(name) ?? 0) <= version) owed.delete(name);
	}

	/** Whatever is owed, at the next chance and until it is paid. */
	async function pay(): Promise<void> {
		if (paying) return;
		paying = true;
		for (const [name, version] of owed) {
			if (redis.status !== 'ready') break;
			await dropNow(name, version).catch((error) => reporter.cacheFailed('drop', error));
		}
		paying = false;
		if (owed.size > 0) setTimeout(() => void pay(), 1_000).unref();
	}

	redis.on('ready', () => void pay());

	return {
		async get(key) {
			const name = cacheKey(key);
			// A client of this process may have seen the event that this drop belongs to.
			const due = owed.get(name);
			if (due !== undefined) await dropNow(name, due);
			const data = await redis.hget(name, 'data');
			if (data !== null) {
				try {
					return { hit: parseContract(data) };
				} catch (error) {
					reporter.unreadable('cache', error);
					await redis.del(name);
				}
			}
			return { miss: String(await redis.eval(miss, 1, name, randomUUID(), fillMs)) };
		},
		async fill(contract, ticket) {
			const data = JSON.stringify(contract);
			const name = cacheKey(contract);
			return (await redis.eval(fill, 1, name, ticket, contract.version, data, ttlMs)) === 1;
		},
		async drop(key, version) {
			const name = cacheKey(key);
			try {
				await dropNow(name, version);
			} catch (error) {
				if (owed.size === 0) setTimeout(() => void pay(), 1_000).unref();
				// An entry that is older than its time to live is gone by itself.
				if (owed.size >= mostOwed) owed.delete(owed.keys().next().value ?? '');
				owed.set(name, Math.max(version, owed.get(name) ?? 0));
				throw error;
			}
		},
	};
}

export function cacheKey(key: ContractKey): string {
	return `contract:${keyText(key)}`;
}
