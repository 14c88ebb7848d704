import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { Context } from '../../domain/context.ts';
import { nothing, prune, sum } from '../../domain/prune.ts';
import { migrateDatabase } from '../../ops/migrate-database.ts';
import { startMariadb } from '../../ops/services/mariadb.ts';
import { openMySql } from '../../platform/mysql/connection.ts';
import { createPruning } from '../../platform/mysql/pruning.ts';

/**
 * What so many random addresses take that are not verified, and what is left of them after pruning:
 * `node bench/growth/retention.ts 1000000`.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const folder = '.data/bench/retention';
const batch = 10_000;
const tables = ['contracts', 'contract_events', 'pruned_versions'];

const service = await startMariadb(folder, {
	throwAway: true,
	settings: ['--innodb-buffer-pool-size=1G'],
});
const connection = await createConnection({ uri: service.url, multipleStatements: true });

async function measure(what: string): Promise<void> {
	await connection.query(`analyze table ${tables.join(', ')}`);
	const [rows] = await connection.query(
		`select table_name as name, table_rows as \`rows\`, data_length + index_length as bytes, data_free as free
		from information_schema.tables where table_schema = database() and table_name in (?)`,
		[tables],
	);
	const sizes = tables.map(
		(name) => statSync(join(folder, 'data', 'verifeed', `${name}.ibd`)).size,
	);
	const files = sizes.reduce((all, size) => all + size, 0);
	console.log(what, rows, { files });
}

const note = (text: string) => console.log(new Date().toISOString(), text);

await connection.query(
	'drop database verifeed; create database verifeed character set utf8mb4; use verifeed',
);
await migrateDatabase(service.url);
await measure('empty');
note(`inserting ${count}`);
for (let from = 1; from <= count; from += batch) {
	await connection.query(
		`create temporary table addresses select 1 as chain_id, unhex(left(sha2(concat('random', seq), 256), 40)) as address,
			timestampadd(second, seq, '2026-09-01') as at from seq_${from}_to_${Math.min(count, from + batch - 1)};
		insert into contracts (chain_id, address, status, version, attempts, failures, error_code, error_message, error_retryable,
			ruled_out, created_at, updated_at, submitted_at)
		select chain_id, address, 'ERROR', 3, 1, 0, 'NOT_VERIFIED', 'No upstream has verified source code for this address.', true,
			null, at, at, at from addresses;
		insert into contract_events (chain_id, address, version, status, attempt, error_code, error_message, error_retryable, at)
		select chain_id, address, seq, elt(seq, 'CREATED', 'PROCESS', 'ERROR'), if(seq = 1, 0, 1), if(seq = 3, 'NOT_VERIFIED', null),
			if(seq = 3, 'No upstream has verified source code for this address.', null), if(seq = 3, true, null), at
		from addresses, seq_1_to_3;
		drop temporary table addresses`,
	);
}
await connection.query(
	`update contracts set updated_at = timestampadd(day, -60, utc_timestamp(3)) where updated_at > timestampadd(day, -40, utc_timestamp(3));
	delete from contract_reads`,
);
await measure('full');

note('pruning');
const mysql = openMySql(service.url, { connections: 4, timeoutMs: 60_000 });
const context = {
	pruning: createPruning(mysql),
	retention: { notVerifiedDays: 30, runs: 20, unusedSourceDays: 7 },
	pruneBatch: 500,
	// What Redis does is not measured.
	feed: {
		followed: async (keys: readonly unknown[]) => keys.map(() => false),
	} as unknown as Context['feed'],
	cache: { drop: async () => {} } as unknown as Context['cache'],
	emit() {},
};
const started = performance.now();
let removed = nothing;
let longest = 0;
let begun = started;
for await (const some of prune(context)) {
	removed = sum(removed, some);
	longest = Math.max(longest, performance.now() - begun);
	begun = performance.now();
}
console.log({ removed, seconds: (performance.now() - started) / 1_000, longestBatchMs: longest });
await measure('pruned');
note('optimizing');
await connection.query(`optimize table ${tables.join(', ')}`);
await measure('optimized');
await mysql.close();
await connection.end();
await service.stop();
