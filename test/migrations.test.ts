import { expect, test } from 'vitest';
import { migrateDatabase } from '../platform/mysql/migrate.ts';
import { createDatabase } from './harness/services.ts';

test('processes that migrate at once wait for each other, and a later one finds nothing to do', async () => {
	const database = await createDatabase();
	await database.query(
		'drop table contracts, contract_events, contract_sources, source_blobs, __drizzle_migrations',
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
		'contract_events',
		'contract_sources',
		'contracts',
		'source_blobs',
	]);
	await database.drop();
});
