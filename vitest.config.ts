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
		// Of use to nobody but a test that hangs: the longest take a quarter of it on two idle cores.
		testTimeout: 120_000,
		hookTimeout: 240_000,
	},
});
