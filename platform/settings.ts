import { z } from 'zod';
import { upstreams as table, type UpstreamName, upstreamNames } from '../domain/upstreams.ts';
import {
	bytes,
	count,
	countOrNone,
	flag,
	hosts,
	keys,
	milliseconds,
	port,
	share,
	sources,
	text,
	url,
	urls,
} from './setting-kinds.ts';

/** Of METRICS_PORT: two processes on one machine need two. */
export const metricsPorts = { server: 9464, worker: 9465 } as const;

const addresses = {
	HTTP_HOST: text.default('127.0.0.1').describe('Address to listen on; `0.0.0.0` for all.'),
	HTTP_PORT: port.default(4000).describe('GraphQL, downloads, Etherscan-compatible API, health.'),
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

type Row = (typeof table)[UpstreamName];
type NameOf<T> = T extends { setting: infer Name extends string } ? Name : never;
type UpstreamSettings = Record<NameOf<Row['url']>, z.ZodDefault<z.ZodString>> &
	Record<NameOf<Row['keys']>, z.ZodDefault<typeof keys>> &
	Record<NameOf<Row['perSecond' | 'perDay']>, z.ZodDefault<typeof count>>;

/** The settings that the table of upstreams names. */
function upstreamSettings(): UpstreamSettings {
	const groups = Object.values(table).map((row) => {
		const { url: at, keys: keyed, perSecond, perDay } = row;
		const address = at.byChain ? urls : url('http:', 'https:');
		return {
			...(keyed && {
				[keyed.setting]: keys.default([]).meta({ description: keyed.text, secret: true }),
			}),
			[at.setting]: address.default(at.default).describe(at.text),
			[perSecond.setting]: count.default(perSecond.default).describe(perSecond.text),
			...(perDay && { [perDay.setting]: count.default(perDay.default).describe(perDay.text) }),
		};
	});
	// Computed names are lost to the compiler.
	return Object.assign({}, ...groups) as UpstreamSettings;
}

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

const limits = {
	MAX_BODY_BYTES: bytes.default(256 * 1024).describe('Largest request body or WebSocket message.'),
	MAX_QUERY_DEPTH: count.default(15).describe('Deepest nesting of one operation.'),
	MAX_QUERY_ALIASES: count.default(50).describe('Most aliases in one operation.'),
	MAX_QUERY_TOKENS: count.default(4_000).describe('Most tokens in one document.'),
	MAX_QUERY_COST: count.default(20_000).describe('Highest computed cost of one operation.'),
	MAX_QUERY_SOURCE_BYTES: bytes
		.default(64 * 1024 * 1024)
		.describe('Most bytes of source that one operation may read.'),
	MAX_ANSWER_BYTES: bytes
		.default(32 * 1024 * 1024)
		.describe('Longest answer of one operation, and longest event of a stream.'),
	MAX_QUERY_ITEMS: count
		.default(20_000)
		.describe(
			'Most contracts, events, sources and changed files, counted together, that one operation may read.',
		),
	MAX_CONNECTIONS: count.default(10_000).describe('Most connections of one server.'),
	MAX_CONNECTIONS_PER_CLIENT: count
		.default(1_000)
		.describe('Most connections from one client address, WebSockets among them.'),
	REQUEST_TIMEOUT_MS: milliseconds
		.default(30_000)
		.describe('A request has to arrive whole in this time; the first one from its connection on.'),
	KEEP_ALIVE_MS: milliseconds
		.default(5_000)
		.describe(
			'How long a connection without a request is kept. Longer than that of a proxy before it, if its connections are to be used again.',
		),
	MAX_OPERATIONS_PER_CONNECTION: count
		.default(20)
		.describe(
			'Most operations of one WebSocket under way at once; open subscriptions do not count.',
		),
	MAX_SUBSCRIPTIONS_PER_CONNECTION: count
		.default(200)
		.describe('Most subscriptions of one WebSocket.'),
	MAX_FOLLOWED_PER_CONNECTION: count
		.default(1_000)
		.describe('Most contracts that the subscriptions of one WebSocket follow together.'),
	MAX_FOLLOWED: count
		.default(20_000)
		.describe('Most contracts that all subscriptions of one server follow together.'),
	MAX_FOLLOWED_PER_CLIENT: count
		.default(4_000)
		.describe('Most contracts that all subscriptions from one client address follow together.'),
	REQUESTS_PER_SECOND_PER_CLIENT: count
		.default(2_000)
		.describe('Requests a second from one client address, in one server.'),
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
	SHUTDOWN_MS: milliseconds.default(10_000).describe('Longest time to close after SIGTERM.'),
};

/** Every setting, in the order of `docs/settings.md`, which is made from this. */
export const settingGroups = {
	'Addresses and ports': addresses,
	Services: services,
	Upstreams: upstreams,
	Downloads: downloads,
	'Reads and subscriptions': reads,
	Limits: limits,
	Operations: operations,
};

export const settings = z.object({
	...addresses,
	...services,
	...upstreams,
	...downloads,
	...reads,
	...limits,
	...operations,
});

/** Old names that still work for one release, each with its new name. */
export const renamed: Readonly<Record<string, keyof z.infer<typeof settings>>> = {
	CENSUS_INTERVAL_MS: 'CONTRACT_COUNTS_INTERVAL_MS',
	DOOR_WAIT_MS: 'ETHERSCAN_API_WAIT_MS',
};
