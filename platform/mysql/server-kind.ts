import { sql } from 'drizzle-orm';
import type { Database } from './connection.ts';

/** Whose server it is. */
export async function readServerKind(database: Database): Promise<'mariadb' | 'mysql'> {
	const [row] = await database.select({ version: sql<string>`version()` }).from(sql`dual`);
	return row?.version.includes('MariaDB') ? 'mariadb' : 'mysql';
}
