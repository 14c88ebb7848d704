import { expect, test } from 'vitest';
import { addressOrNull } from '../domain/address.ts';
import { migrateDatabase } from '../ops/migrate-database.ts';
import { openMySql } from '../platform/mysql/connection.ts';
import { createContractStore } from '../platform/mysql/contract-store.ts';
import { createDatabase } from './harness/services.ts';

test('processes that migrate at once wait for each other, and a later one finds nothing to do', async () => {
	const database = await createDatabase();
	await database.query(
		'drop table api_keys, contracts, contract_events, contract_reads, contract_sources, pruned_versions, source_blobs, chain_lists, __drizzle_migrations',
	);
	await Promise.all(Array.from({ length: 6 }, () => migrateDatabase(database.url)));
	const applied = await database.query('select id from __drizzle_migrations');
	await migrateDatabase(database.url);
	expect(await database.query('select id from __drizzle_migrations')).toEqual(applied);
	const tables = await database.query<{ name: string; engine: string }>(
		'select table_name as name, engine from information_schema.tables where table_schema = database()',
	);
	expect(tables.map(({ name }) => name).sort()).toEqual([
		'__drizzle_migrations',
		'api_keys',
		'chain_lists',
		'contract_events',
		'contract_reads',
		'contract_sources',
		'contracts',
		'pruned_versions',
		'source_blobs',
	]);
	await database.drop();
});

test('what the first release stored is read, with nothing in the fields it did not have', async () => {
	const database = await createDatabase();
	const mysql = openMySql(database.url, { connections: 1, timeoutMs: 15_000 });
	const address = addressOrNull('11'.repeat(20));
	if (!address) throw new Error('not an address');
	const description = {
		...{ hash: 'ab'.repeat(32), abiHash: null, provider: 'ETHERSCAN', origin: 'host', name: 'T' },
		...{ language: 'Solidity', compilerVersion: 'v0.8.9', evmVersion: null, license: null },
		...{ optimizer: { enabled: true, runs: 200 }, constructorArguments: '0x', libraries: [] },
		...{ match: 'UNKNOWN', mainPath: 'T.sol', fileCount: 1, size: 10 },
		fetchedAt: '2026-11-20T10:00:00.000Z',
	};
	await database.query(
		`insert into contracts (chain_id, address, status, version, attempts, failures, source_hash, source_name, created_at, updated_at)
		values (1, unhex(?), 'SUCCESS', 3, 1, 0, unhex(?), 'T', utc_timestamp(3), utc_timestamp(3))`,
		[address.slice(2), description.hash],
	);
	await database.query(
		`insert into contract_sources (chain_id, address, hash, description, fetched_at)
		values (1, unhex(?), unhex(?), ?, utc_timestamp(3))`,
		[address.slice(2), description.hash, JSON.stringify(description)],
	);
	const contract = await createContractStore(mysql).readContract({ chainId: 1, address });
	expect(contract).toMatchObject({
		depth: 0,
		ruledOut: [],
		source: { name: 'T', viaIr: false, remappings: [], similarMatch: null, implementations: [] },
	});
	await mysql.close();
	await database.drop();
});
