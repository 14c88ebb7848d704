import { announce } from '../../domain/announce.ts';
import { type ContractKey, keyText } from '../../domain/contract.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { type Decide, move } from '../../domain/transitions.ts';
import { later } from '../../domain/wait.ts';
import { openMySql } from '../../platform/mysql/connection.ts';
import { createContractStore } from '../../platform/mysql/contract-store.ts';
import { openRedis } from '../../platform/redis/connection.ts';
import { createContractCache } from '../../platform/redis/contract-cache.ts';
import { createFeed } from '../../platform/redis/feed.ts';
import { randomAddress } from './contracts.ts';
import type { System } from './system.ts';

/** Changes contracts as a worker does, but at the test's command and without an upstream. */
export interface Writer extends AsyncDisposable {
	/** A contract that nobody has submitted. */
	fresh(): ContractKey;
	/** So many changes, each committed and announced before the next; the first of all is CREATED. */
	change(key: ContractKey, times?: number): Promise<void>;
	/** A change that is not announced, as when Redis loses it. */
	changeUnannounced(key: ContractKey): Promise<void>;
	/** The last change: SUCCESS. */
	finish(key: ContractKey): Promise<void>;
}

export async function openWriter(system: System): Promise<Writer> {
	const silent: Emit = () => {};
	const { MYSQL_URL = '', REDIS_URL = '' } = system.env;
	const mysql = openMySql(MYSQL_URL, { connections: 4, timeoutMs: 60_000 });
	const redis = await openRedis(REDIS_URL, silent);
	const store = createContractStore(mysql);
	const context = {
		cache: createContractCache(redis.commands, 1_000, silent),
		feed: createFeed(redis, silent),
		emit: silent,
	};

	async function write(key: ContractKey, decide: Decide): Promise<void> {
		const changes = await store.changeContracts([key], decide);
		await announce(context, changes);
	}

	return {
		fresh: () => ({ chainId: 1, address: randomAddress() }),
		async change(key, times = 1) {
			for (let time = 0; time < times; time += 1) await write(key, nextAttempt);
		},
		async changeUnannounced(key) {
			await store.changeContracts([key], nextAttempt);
		},
		finish: (key) => write(key, last),
		async [Symbol.asyncDispose]() {
			redis.close();
			await mysql.close();
		},
	};
}

/** CREATED, and from then on one attempt after the other. */
export const nextAttempt: Decide = (current, now, key) => {
	if (!current) return move(key, current, now, { status: 'CREATED', dueAt: later(now, hour) });
	return move(key, current, now, {
		status: 'PROCESS',
		attempts: current.attempts + 1,
		dueAt: later(now, hour),
	});
};

const last: Decide = (current, now, key) => {
	if (current?.status !== 'PROCESS') throw new Error(`${keyText(key)} is not in process`);
	return move(key, current, now, { status: 'SUCCESS', attempts: current.attempts });
};

/** No sweeper is to take them. */
const hour = 3_600_000;
