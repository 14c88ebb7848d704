import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/runner/longest-first.ts';

const pure = ['domain', 'sources', 'bench/emulator', 'web'].map(
	(folder) => `${folder}/**/*.test.ts`,
);

/**
 * Browsers, clocks, connections, telemetry, sets of servers, forms of answers: no second database makes a difference to them. What
 * they ask of one is asked in the others too.
 */
const withoutDatabase = [
	...['graphiql', 'page', 'limits', 'etherscan-tools', 'admin', 'clients', 'cycles', 'dead-peers'],
	...['event-source', 'many-servers', 'setup', 'shutdown', 'slow-readers', 'fail-over/*'],
	...['faults/broker-away', 'faults/checks', 'faults/faults', 'faults/proxy'],
	...['fuzz/*', 'monitoring/*', 'log-outage', 'test-operations', 'clusters/*'],
	...['runner/*', 'plain-posts'],
	...['doors', 'connections', 'websocket-bounds', 'web-pages', 'hanging-services'],
	...['leaving', 'long-answers', 'refusals', 'odd-requests', 'refused-upgrades', 'tour'],
	...['etherscan-calls', 'etherscan-api', 'downloads', 'upstreams'],
].map((name) => `**/${name}.test.ts`);

/** Outside of test/, what starts a Redis, or processes that take seconds. */
const slow = [
	...['call-limits', 'contract-cache', 'feed', 'connection'].map(
		(name) => `platform/redis/${name}`,
	),
	...['ops/*', 'ops/monitoring/*', 'ops/admin/*', 'bench/*'],
].map((name) => `${name}.test.ts`);

const product = ['domain', 'platform', 'sources', 'schema', 'server', 'worker', 'warmup'];

const projects = {
	pure: { include: pure },
	real: { include: ['**/*.test.ts'], exclude: ['**/node_modules/**', '.data/**', ...pure] },
	/** What needs no service, and the main path through all of them. */
	quick: {
		include: ['{platform,schema,server,worker,warmup,ops}/**/*.test.ts', 'test/main-path.test.ts'],
		exclude: slow,
	},
	/** `npm run screenshots`. */
	pictures: { include: ['test/pictures.ts'] },
	/** The whole system once more, on another database. */
	again: { include: ['test/**/*.test.ts'], exclude: withoutDatabase },
};

export default defineConfig({
	resolve: {
		// Loaded once as ESM and once as CommonJS, its errors would not know each other.
		alias: { graphql: 'graphql/index.js' },
	},
	test: {
		pool: 'forks',
		execArgv: ['--import', new URL('ops/quick-imports.ts', import.meta.url).href],
		maxWorkers: 2,
		// Files leave nothing behind in their process, so its modules are loaded once for all of them.
		isolate: false,
		sequence: { sequencer: LongestFirst },
		// Of use to nobody but a test that hangs: the longest take a quarter of it on two idle cores.
		testTimeout: 120_000,
		hookTimeout: 240_000,
		// npm run coverage: of what runs in the test's own process; servers and workers that tests start are not in it.
		coverage: {
			include: product.map((folder) => `${folder}/**/*.ts`),
			exclude: ['**/*.test.ts'],
			reporter: ['text-summary', 'html'],
			reportsDirectory: '.data/coverage',
		},
		projects: Object.entries(projects).map(([name, files]) => ({
			extends: true as const,
			test: { name, ...files },
		})),
	},
});
