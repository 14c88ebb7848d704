import { defineConfig } from 'drizzle-kit';

export default defineConfig({
	dialect: 'mysql',
	schema: './platform/mysql/tables.ts',
	out: './platform/mysql/migrations',
});
