import { z } from 'zod';
import { upstreamNames } from '../domain/upstreams.ts';
import { limits } from './limit-settings.ts';
import {
	bytes,
	count,
	countOrNone,
	flag,
	hosts,
	milliseconds,
	names,
	origins,
	port,
	share,
	sources,
	text,
	url,
} from './setting-kinds.ts';
import { upstreamSettings } from './upstream-settings.ts';

/** Of METRICS_PORT: two processes on one machine need two. */
export const metricsPorts = { server: 9464, worker: 9465 } as const;

const addresses = {
	HTTP_HOST: text.default('127.0.0.1').describe('Address to listen on; `0.0.0.0` for all.'),
	HTTP_PORT: port.default(4000).describe('GraphQL, downloads, Etherscan-compatible API, health.'),
	ALLOWED_HOSTS: names.optional().meta({
		description:
			'Names that a request may have in its `Host`, or `*`. An IP address may always stand there: only a name can be made to lead elsewhere.',
		unset: '`localhost` where `HTTP_HOST` is of this machine alone, else any',
	}),
	ALLOWED_ORIGINS: origins.optional().meta({
		description:
			'Web pages that may use it, such as `https://app.example`, or `*`: others neither read answers, nor submit, nor open a WebSocket.',
		unset: 'any page may read; none but its own submits',
	}),
	METRICS_HOST: text
		.default('127.0.0.1')
		.describe('Address on which `METRICS_PORT` is listened to; `0.0.0.0` for all.'),
	METRICS_PORT: port.optional().meta({
		description:
			'Metrics and status page. Under `npm start` and `npm run worker` the worker takes this number + 1.',
		unset: `${metricsPorts.server} server, ${metricsPorts.worker} worker`,
	}),
};

const services = {
	MYSQL_URL: hosts('mysql:', 'mariadb:').meta({
		description:
			'`mysql://user:password@host:port/database`, MySQL 8.4 or MariaDB 10.11; or [several hosts](several-hosts.md).',
		unset: 'private under `npm start`',
		secret: true,
	}),
	RABBITMQ_URL: hosts('amqp:', 'amqps:').meta({
		description:
			'`amqp://user:password@host:port/vhost`, or `amqps`; or [several hosts](several-hosts.md).',
		unset: 'private under `npm start`',
		secret: true,
	}),
	REDIS_URL: hosts(
		...['redis:', 'rediss:', 'redis+sentinel:', 'rediss+sentinel:'],
		...['redis+cluster:', 'rediss+cluster:'],
	).meta({
		description:
			'`redis://:password@host:port/0`, or `rediss`; [Sentinel and Cluster](several-hosts.md) too.',
		unset: 'private under `npm start`',
		secret: true,
	}),
	MYSQL_CONNECTIONS: count
		.default(10)
		.describe('Most connections of one process to MySQL, beside two that change contracts.'),
	MYSQL_TIMEOUT_MS: milliseconds
		.default(15_000)
		.describe('A connection is given up when MySQL is silent in a statement for this long.'),
};

const upstreams = {
	SOURCES: sources.optional().meta({
		description: `Upstreams in the order of asking: ${upstreamNames.map((name) => `\`${name}\``).join(', ')}.`,
		unset: '`etherscan,sourcify`; without a key or `ETHERSCAN_URL` only `sourcify`',
	}),
	...upstreamSettings(),
	UPSTREAM_TIMEOUT_MS: milliseconds.default(20_000).describe('Longest wait for one answer.'),
	UPSTREAM_MAX_BYTES: bytes.default(32 * 1024 * 1024).describe('Largest answer of an upstream.'),
	SOURCE_MAX_BYTES: bytes.default(8 * 1024 * 1024).describe('Largest source that is stored.'),
	TURN_PATIENCE_MS: milliseconds
		.default(30_000)
		.describe('A download that would wait longer than this for its turn is postponed.'),
	BREAKER_FAILURES: count
		.default(5)
		.describe('An upstream that fails this often in a row is not asked for `BREAKER_MS`.'),
	BREAKER_MS: milliseconds.default(15_000).describe('See `BREAKER_FAILURES`.'),
};

const downloads = {
	WORKER_CONCURRENCY: count.optional().meta({
		description: 'Downloads at once in one worker.',
		unset: 'what its upstreams take in a fifth of a second, 10 to 64',
	}),
	WORKER_PREFETCH: count.optional().meta({
		description: 'Messages that one worker holds at once.',
		unset: 'as `WORKER_CONCURRENCY`',
	}),
	GRACE_MS: milliseconds
		.default(15_000)
		.describe('After this time a job that no worker has taken is published again.'),
	LEASE_MS: milliseconds
		.default(60_000)
		.describe('After this time a job whose worker is gone is published again.'),
	SWEEP_INTERVAL_MS: milliseconds.default(1_000).describe('How often a worker looks for due jobs.'),
	SWEEP_BATCH: count.default(200).describe('Most due jobs that are published at once.'),
	CONTRACT_COUNTS_INTERVAL_MS: milliseconds
		.default(15_000)
		.describe('How often one of the workers counts all contracts for the metrics.'),
	RETRY_BASE_MS: milliseconds.default(2_000).describe('Back-off after the first failed attempt.'),
	RETRY_MAX_MS: milliseconds.default(300_000).describe('Longest back-off.'),
	MAX_ATTEMPTS: count
		.default(12)
		.describe(
			'Failed attempts after which a failure that might pass is final: 12 to 23 minutes of them, by the back-off.',
		),
	UPSTREAM_PATIENCE_MS: milliseconds
		.default(3_600_000)
		.describe(
			'How long upstreams may answer "too many requests" about one contract before it ends as UPSTREAM_UNAVAILABLE. A spent daily quota is waited for, up to seven days.',
		),
	NOT_VERIFIED_MS: milliseconds
		.default(600_000)
		.describe(
			'How long "not verified" stands before a submission asks the upstreams again, unless it says `refresh: true`.',
		),
	FOLLOW_PROXIES: flag
		.default(true)
		.describe('Submit the implementations of a proxy too, three levels deep.'),
	CHAINS_REFRESH_MS: milliseconds
		.default(6 * 3_600_000)
		.describe('How often the list of chains is fetched from Etherscan.'),
	ETHERSCAN_API_WAIT_MS: milliseconds
		.default(4_000)
		.describe(
			'How long the Etherscan-compatible API waits for a source. Some tools give up after 5000.',
		),
};

const reads = {
	CACHE_TTL_MS: milliseconds.default(300_000).describe('How long a cached contract is kept.'),
	FOLLOW_POLL_MS: milliseconds
		.default(5_000)
		.describe('How often a subscription reads the database besides listening to Redis.'),
	PING_MS: milliseconds.default(12_000).describe('How often an idle subscriber is pinged.'),
	DEAD_PEER_MS: milliseconds
		.default(120_000)
		.describe(
			'A subscriber that answers nothing, and any client that takes nothing of its answer, for this long is removed. Must be more than `PING_MS`.',
		),
	WARMUP_COUNT: countOrNone
		.default(1_000)
		.describe('Contracts that the warm-up puts into the cache.'),
	WARMUP_BATCH: count.default(100).describe('Contracts that the warm-up reads together.'),
	WARMUP_CONCURRENCY: count.default(4).describe('Batches of the warm-up under way at once.'),
	WARMUP_TIMEOUT_MS: milliseconds.default(60_000).describe('Longest time of the warm-up.'),
};

const retention = {
	KEEP_NOT_VERIFIED_DAYS: countOrNone
		.default(30)
		.describe(
			'A contract that is not verified, has no source and is read by nobody is removed after so many days; 0: never.',
		),
	KEEP_RUNS: countOrNone
		.default(20)
		.describe('Downloads of one contract, the newest, whose events are kept; 0: all.'),
	KEEP_UNUSED_SOURCES_DAYS: countOrNone
		.default(7)
		.describe('A source that no contract names is removed after so many days; 0: never.'),
	PRUNE_INTERVAL_MS: milliseconds
		.default(3_600_000)
		.describe('How long one of the workers waits before it looks again for what is not kept.'),
	PRUNE_BATCH: count
		.default(500)
		.describe('Rows that are looked at together, and the most that one transaction removes.'),
};

const operations = {
	APP_VERSION: text
		.default('development')
		.describe('Version that metrics and traces name; the image sets it.'),
	APP_COMMIT: text
		.default('unknown')
		.describe('Commit that metrics and traces name; the image sets it.'),
	APP_ENV: text
		.default('development')
		.describe(
			'Where it runs: the label `env` of lines in Loki. `production` in `ops/compose.yaml`.',
		),
	GRAPHIQL: flag.default(true).describe('`false`: a browser gets no page at `/graphql`.'),
	PAGE: flag.optional().meta({
		description: '`false`: no page at `/`, nor at links to contracts.',
		unset: 'as `GRAPHIQL`',
	}),
	INTROSPECTION: flag.default(true).describe('`false`: nobody reads the schema from the server.'),
	SUGGESTIONS: flag
		.default(true)
		.describe('`false`: an error about a name does not say which ones are like it.'),
	TEST_OPERATIONS: flag
		.default(false)
		.describe('`true` adds [test operations](monitoring.md#test-operations) to the schema.'),
	LOKI_URL: url('http:', 'https:').optional().meta({
		description:
			'`http://user:password@host:3100`: log lines are sent there, besides standard output.',
		secret: true,
	}),
	OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:').optional().meta({
		description: '`http://host:4318`: traces are sent there, by OTLP over HTTP.',
		secret: true,
	}),
	TRACES_SHARE: share
		.default(0.1)
		.describe(
			'Share of reads that are traced. Submissions always are, up to their last event; retries are linked to them.',
		),
	LOG_LEVEL: z
		.enum(['error', 'warn', 'info', 'debug'])
		.default('info')
		.describe('Lines below this level are left out.'),
	LOG_FORMAT: z.enum(['json', 'pretty']).optional().meta({
		description: 'How a line looks on standard output.',
		unset: '`pretty` on a terminal and under `npm start`, else `json`',
	}),
	SHUTDOWN_MS: milliseconds
		.default(10_000)
		.describe(
			'Longest time to close after SIGTERM; a service that hangs is not waited for longer.',
		),
};

/** Every setting, in the order of `docs/settings.md`, which is made from this. */
export const settingGroups = {
	'Addresses and ports': addresses,
	Services: services,
	Upstreams: upstreams,
	Downloads: downloads,
	'Reads and subscriptions': reads,
	Retention: retention,
	Limits: limits,
	Operations: operations,
};

export const settings = z.object({
	...addresses,
	...services,
	...upstreams,
	...downloads,
	...reads,
	...retention,
	...limits,
	...operations,
});

/** Old names that still work for one release, each with its new name. */
export const renamed: Readonly<Record<string, keyof z.infer<typeof settings>>> = {
	CENSUS_INTERVAL_MS: 'CONTRACT_COUNTS_INTERVAL_MS',
	DOOR_WAIT_MS: 'ETHERSCAN_API_WAIT_MS',
};
