import type { ContractKey } from '../../domain/contract.ts';
import { nothing, type PruneContext, type Pruned, prune, sum } from '../../domain/prune.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { type Decide, move } from '../../domain/transitions.ts';
import { openMySql } from '../../platform/mysql/connection.ts';
import { createContractStore } from '../../platform/mysql/contract-store.ts';
import { createPruning } from '../../platform/mysql/pruning.ts';
import { createSourceStore } from '../../platform/mysql/source-store.ts';
import { openRedis } from '../../platform/redis/connection.ts';
import { createContractCache } from '../../platform/redis/contract-cache.ts';
import { createFeed } from '../../platform/redis/feed.ts';
import { randomAddress } from './contracts.ts';
import { systemTest } from './fixture.ts';
import type { System } from './system.ts';

export const retention = { notVerifiedDays: 30, runs: 2, unusedSourceDays: 7 };

/** The parts of a worker's pruner, on a test's services, and contracts that are there for it. */
export async function openPruning(system: System) {
	const silent: Emit = () => {};
	const { MYSQL_URL = '', REDIS_URL = '' } = system.env;
	const mysql = openMySql(MYSQL_URL, { connections: 6, timeoutMs: 60_000 });
	const redis = await openRedis(REDIS_URL, silent);
	const store = createContractStore(mysql);
	const context: PruneContext = {
		pruning: createPruning(mysql),
		cache: createContractCache(redis.commands, 60_000, silent),
		feed: createFeed(redis, silent),
		emit: silent,
		retention,
		pruneBatch: 3,
	};
	const { query } = system.database;
	// Tests begin long after reading was first noted.
	await query('delete from contract_reads');

	return {
		mysql,
		store,
		context,
		sources: createSourceStore(mysql),
		/** Not verified, after so many runs, and changed last so many days ago. */
		async notVerified({ runs = 1, days = 40 } = {}): Promise<ContractKey> {
			const key = { chainId: 1, address: randomAddress() };
			for (let step = 0; step < 3 * runs; step += 1) await store.changeContracts([key], forward);
			for (const [table, column] of Object.entries({
				contracts: 'updated_at',
				contract_events: 'at',
			})) {
				await query(
					`update ${table} set ${column} = timestampadd(day, ?, utc_timestamp(3)) where address = unhex(?)`,
					[-days, key.address.slice(2)],
				);
			}
			return key;
		},
		async prune(options: { dryRun?: boolean } = {}): Promise<Pruned> {
			const batches = await Array.fromAsync(prune(context, options));
			return batches.reduce(sum, nothing);
		},
		async versions(key: ContractKey): Promise<string[]> {
			const [events = []] = await store.readHistories([key]);
			return events.map(({ version, status }) => `${version} ${status}`);
		},
		async [Symbol.asyncDispose]() {
			redis.close();
			await mysql.close();
		},
	};
}

/** CREATED, PROCESS, not verified, and from the beginning again. */
export const forward: Decide = (current, now, key) => {
	if (current?.status === 'CREATED') return move(key, current, now, { status: 'PROCESS' });
	if (current?.status !== 'PROCESS') return move(key, current, now, { status: 'CREATED' });
	const error = { code: 'NOT_VERIFIED', message: 'Not verified.', retryable: true } as const;
	return move(key, current, now, { status: 'ERROR', error });
};

/** `systemTest` with a pruner of the file's own. */
export function pruningTest(options: Parameters<typeof systemTest>[0] = {}) {
	return systemTest(options).extend(
		'pruning',
		{ scope: 'file' },
		async ({ system }, { onCleanup }) => {
			const pruning = await openPruning(system);
			onCleanup(() => pruning[Symbol.asyncDispose]());
			return pruning;
		},
	);
}
