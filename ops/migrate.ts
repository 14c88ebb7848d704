import { ConfigError, parseSettings } from '../platform/config.ts';
import { settings } from '../platform/settings.ts';
import { migrateDatabase } from './migrate-database.ts';

try {
	const { MYSQL_URL } = parseSettings(settings.pick({ MYSQL_URL: true }), process.env);
	await migrateDatabase(MYSQL_URL);
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
