import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/mysql2';
import { migrate } from 'drizzle-orm/mysql2/migrator';
import { connectToPrimary } from '../platform/mysql/primary.ts';

const folder = fileURLToPath(new URL('../platform/mysql/migrations', import.meta.url));

/**
 * Brings the tables up to date. Processes that start at once wait for each other, for at most
 * `waitSeconds`; whoever comes later finds nothing to do.
 */
export async function migrateDatabase(url: string, waitSeconds = 60): Promise<void> {
	const connection = await connectToPrimary(url, { timezone: 'Z', charset: 'utf8mb4' });
	try {
		// A lock's name is known to the whole server: the database has to be part of it.
		const name = "concat('verifeed:', left(sha2(database(), 256), 40))";
		const [rows] = await connection.query(`select get_lock(${name}, ?) as got`, [waitSeconds]);
		const [row] = rows as { got: number | null }[];
		if (row?.got !== 1) {
			throw new Error(
				`another process has been migrating this database for ${waitSeconds} seconds`,
			);
		}
		await migrate(drizzle({ client: connection }), { migrationsFolder: folder });
	} finally {
		connection.destroy();
	}
}
