import { defineConfig } from 'vitest/config';

export default defineConfig({
	resolve: {
		// Loaded once as ESM and once as CommonJS, its errors would not know each other.
		alias: { graphql: 'graphql/index.js' },
	},
	test: {
		include: ['**/*.test.ts'],
		exclude: ['node_modules/**', '.data/**'],
		pool: 'forks',
		execArgv: ['--import', new URL('ops/quick-imports.ts', import.meta.url).href],
		maxWorkers: 2,
		testTimeout: 60_000,
		hookTimeout: 120_000,
	},
});
