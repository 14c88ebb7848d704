import { randomUUID } from 'node:crypto';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import type { ContractCache } from '../../domain/ports.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { outside } from '../telemetry/tracing/spans.ts';
import { createAsking } from './asking.ts';
import type { RedisClient } from './connection.ts';
import { parseContract } from './wire.ts';

/** A fill that takes longer than this is void. */
const fillMs = 30_000;

/** After an outage all processes have connected again by then, and have dropped what they owed. */
const settleMs = 5_000;

/** Drops that are remembered while Redis is away. */
const mostOwed = 100_000;
const payAtOnce = 500;

/**
 * The server process that an entry was made on: a replica that was promoted, or a server that was started again,
 * may lack the last drops, so what it took over from before counts as none.
 */
const home = `local home = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')`;

/** The data of an entry; where there is none, the ticket to fill it, and whether there was one that counts as none. */
const look = `${home}
local entry = redis.call('HMGET', KEYS[1], 'home', 'data', 'ticket')
if entry[1] == home and entry[2] then return { entry[2] } end
if entry[1] ~= home then redis.call('DEL', KEYS[1]) end
local stale = entry[1] and entry[1] ~= home and entry[2]
local ticket = entry[1] == home and entry[3] or ARGV[1]
redis.call('HSET', KEYS[1], 'home', home, 'ticket', ticket)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { false, ticket, stale and 1 or 0 }`;

/** Only the newest ticket of an entry that was not dropped since may fill it. */
const fill = `${home}
local entry = redis.call('HMGET', KEYS[1], 'home', 'ticket')
if entry[1] ~= home or entry[2] ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'ticket')
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'data', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

const drop = `
local version = redis.call('HGET', KEYS[1], 'version')
if version and tonumber(version) >= tonumber(ARGV[1]) then return 0 end
return redis.call('DEL', KEYS[1])`;

interface Looked {
	data: string | null;
	ticket: string;
	stale: boolean;
}

/**
 * The cache entry of a contract: a Redis hash with its `version` and its JSON `data`, or with the
 * `ticket` of a fill under way, and the `home` of both. A drop that Redis could not be told of is made up for when it is back.
 */
export function createContractCache(redis: RedisClient, ttlMs: number, emit: Emit): ContractCache {
	const asking = createAsking(emit);
	const owed = new Map<string, number>();
	let paying = false;

	async function dropNow(name: string, version: number): Promise<void> {
		await asking('del', () => redis.eval(drop, 1, name, version));
		if ((owed.get(name) ?? 0) <= version) owed.delete(name);
	}

	/** The data, or a ticket. */
	async function lookAt(name: string): Promise<Looked> {
		// An array of one or three, as the script returns it.
		const answer = (await asking('get', () => redis.eval(look, 1, name, randomUUID(), fillMs))) as [
			string | null,
			string?,
			number?,
		];
		return { data: answer[0], ticket: answer[1] ?? '', stale: answer[2] === 1 };
	}

	/** Whatever is owed, at the next chance and until it is paid. */
	async function pay(): Promise<void> {
		if (paying) return;
		paying = true;
		const due = [...owed];
		while (due.length > 0 && redis.status === 'ready') {
			const drops = due.splice(0, payAtOnce).map(([name, version]) => dropNow(name, version));
			await Promise.all(drops).catch((error) =>
				emit({ type: 'cache.failed', operation: 'drop', error }),
			);
		}
		paying = false;
		if (owed.size > 0) payLater();
	}

	function payLater(): void {
		outside(() => setTimeout(() => void pay(), 1_000).unref());
	}

	let doubtedUntil = 0;
	const doubt = () => {
		doubtedUntil = performance.now() + settleMs;
	};
	redis.on('ready', () => {
		doubt();
		void pay();
	});
	// Of a cluster: the others go on.
	redis.on('-node', doubt);

	return {
		async get(key) {
			if (performance.now() < doubtedUntil) return null;
			const name = cacheKey(key);
			// A client of this process may have seen the event that this drop belongs to.
			const due = owed.get(name);
			if (due !== undefined) await dropNow(name, due);
			const { data, ticket, stale } = await lookAt(name);
			if (data === null) return { miss: ticket, ...(stale && { stale }) };
			try {
				return { hit: parseContract(data) };
			} catch (error) {
				emit({ type: 'message.unreadable', where: 'cache', error });
				await redis.del(name);
				// Should somebody have filled it meanwhile, this ticket fills nothing.
				return { miss: (await lookAt(name)).ticket || randomUUID() };
			}
		},
		async fill(contract, ticket) {
			const data = JSON.stringify(contract);
			const name = cacheKey(contract);
			const filled = await asking('set', () =>
				redis.eval(fill, 1, name, ticket, contract.version, data, ttlMs),
			);
			return filled === 1;
		},
		async drop(key, version) {
			const name = cacheKey(key);
			try {
				await dropNow(name, version);
			} catch (error) {
				if (owed.size === 0) payLater();
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
