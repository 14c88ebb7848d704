import { readConfig } from '../platform/config.ts';
import { migrateDatabase } from '../platform/mysql/migrate.ts';

const { MYSQL_URL } = readConfig();
await migrateDatabase(MYSQL_URL);
