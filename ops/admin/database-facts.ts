import { getTableName, sql } from 'drizzle-orm';
import type { Database } from '../../platform/mysql/connection.ts';
import {
	apiKeys,
	chainLists,
	contractEvents,
	contractReads,
	contractSources,
	contracts,
	prunedVersions,
	sourceBlobs,
} from '../../platform/mysql/tables.ts';

const ours: ReadonlySet<string> = new Set([
	...[chainLists, contractEvents, contractReads, contractSources, contracts].map(getTableName),
	...[apiKeys, prunedVersions, sourceBlobs].map(getTableName),
	'__drizzle_migrations',
]);

async function readTables(database: Database): Promise<string[]> {
	const rows = await database
		.select({ name: sql<string>`table_name` })
		.from(sql`information_schema.tables`)
		.where(sql`table_schema = database() and table_type = 'BASE TABLE'`);
	return rows.map(({ name }) => name);
}

/** How many contracts the database holds; 0 where it has not even their table. */
export async function countAll(database: Database): Promise<number> {
	return (await readTables(database)).includes('contracts') ? database.$count(contracts) : 0;
}

/** Tables of somebody else: the database is not this product's alone, or not at all. */
export async function findForeignTables(database: Database): Promise<string[]> {
	return (await readTables(database)).filter((name) => !ours.has(name));
}

/** How many others use this database now, as far as this user may see. */
export async function countOthers(database: Database): Promise<number> {
	const [row] = await database
		.select({ count: sql`count(*)`.mapWith(Number) })
		.from(sql`information_schema.processlist`)
		.where(sql`db = database() and id <> connection_id()`);
	return row?.count ?? 0;
}

/** Every table of the database, with all that is in it. */
export async function dropTables(database: Database): Promise<void> {
	const tables = await readTables(database);
	if (tables.length === 0) return;
	const names = sql.join(
		tables.map((name) => sql.identifier(name)),
		sql`, `,
	);
	await database.execute(sql`drop table ${names}`);
}

/** Whose server it is. */
export async function readServerKind(database: Database): Promise<'mariadb' | 'mysql'> {
	const [row] = await database.select({ version: sql<string>`version()` }).from(sql`dual`);
	return row?.version.includes('MariaDB') ? 'mariadb' : 'mysql';
}
