import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../domain/address.ts';
import { announce } from '../../domain/announce.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { openMySql } from '../../platform/mysql/connection.ts';
import { createContractStore } from '../../platform/mysql/contract-store.ts';
import { openRedis } from '../../platform/redis/connection.ts';
import { createContractCache } from '../../platform/redis/contract-cache.ts';
import { createFeed } from '../../platform/redis/feed.ts';
import { nextAttempt } from '../../test/harness/writer.ts';
import { addressOf, type Change, now, type Said, type WriterPlan } from './messages.ts';

// Changes contracts at a steady rate as workers do, each in the database and then over Redis; says when each was committed.

const { run, every, count, changes, rate } = JSON.parse(process.argv[2] ?? '') as WriterPlan;
const { MYSQL_URL = '', REDIS_URL = '' } = process.env;
const silent: Emit = () => {};
const mysql = openMySql(MYSQL_URL, { connections: 4, timeoutMs: 60_000 });
const redis = await openRedis(REDIS_URL, silent);
const store = createContractStore(mysql);
const context = {
	cache: createContractCache(redis.commands, 1_000, silent),
	feed: createFeed(redis, silent),
	emit: silent,
};

async function change(contract: number): Promise<Change> {
	const key = { chainId: 1, address: parseAddress(addressOf(run, contract)) };
	const made = await store.changeContracts([key], nextAttempt);
	const at = now();
	await announce(context, made);
	return { contract, version: made[0]?.contract.version ?? 0, at };
}

const done: Promise<Change>[] = [];
const started = performance.now();
let lateMs = 0;
while (done.length < changes) {
	const late = performance.now() - started - (done.length * 1_000) / rate;
	lateMs = Math.max(lateMs, late);
	if (late < 0) await sleep(-late);
	else done.push(change((done.length % count) * every));
}
const said: Said = { message: 'done', changes: await Promise.all(done), lateMs };
process.stdout.write(`${JSON.stringify(said)}\n`);
redis.close();
await mysql.close();
