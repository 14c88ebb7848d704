import { ConfigError, readMysqlUrl } from '../platform/config.ts';
import { migrateDatabase } from '../platform/mysql/migrate.ts';

try {
	await migrateDatabase(readMysqlUrl());
} catch (error) {
	const { message, code } = error as Error & { code?: string };
	const unreachable = code && /^(E[A-Z]+|ER_[A-Z_]+)$/.test(code);
	// The reason is enough where the setting is to blame; anything else is shown whole.
	if (error instanceof ConfigError) console.error(message);
	else if (unreachable)
		console.error(`The database that MYSQL_URL names cannot be used: ${message}`);
	else console.error(error);
	process.exitCode = 1;
}
