import { z } from 'zod';
import {
	type UpstreamName,
	type UpstreamTerms,
	upstreamNames,
	upstreams,
} from '../domain/upstreams.ts';
import { mistakeInHosts } from './hosts.ts';

const port = z.coerce.number().int().min(0).max(65535);
const count = z.coerce.number().int().min(1);
const milliseconds = z.coerce.number().int().min(1);
const url = (...protocols: string[]) =>
	z.string().refine((text) => isUrl(text, protocols), {
		error: `a URL that starts with ${protocols.join(' or ')}// is expected, its password percent-encoded`,
	});
/** A URL that may name several hosts. */
const hosts = (...protocols: string[]) =>
	z.string().superRefine((text, context) => {
		const mistake = mistakeInHosts(text, protocols);
		if (mistake) context.addIssue(mistake);
	});
const list = z.string().transform((text) =>
	text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== ''),
);

/** One URL, or `chainId=url` separated by commas. */
const urls = z
	.string()
	.refine(
		(text) =>
			text
				.split(',')
				.every((part) => isUrl(part.replace(/^\s*[1-9]\d*=/, '').trim(), ['http:', 'https:'])),
		{ error: 'a URL, or chainId=URL separated by commas is expected' },
	);
/** `KEY`, or `account:KEY`. */
const keys = list.transform((texts) =>
	texts.map((text) => {
		const [, account, key] = /^([\w-]{1,40}):(.+)$/s.exec(text) ?? [];
		return { account: account ?? 'main', key: key ?? text };
	}),
);
const sources = list.pipe(z.array(z.enum(upstreamNames)).min(1));

type Row = (typeof upstreams)[UpstreamName];
type SettingOf<T> = T extends { setting: infer Name extends string } ? Name : never;
type UpstreamSettings = Record<SettingOf<Row['url']>, z.ZodDefault<z.ZodString>> &
	Record<SettingOf<Row['keys']>, z.ZodDefault<typeof keys>> &
	Record<SettingOf<Row['perSecond' | 'perDay']>, z.ZodDefault<typeof count>>;

/** The settings of every upstream, as the table of upstreams names them. */
function upstreamSettings(): UpstreamSettings {
	const shapes = Object.values(upstreams).map((row) => ({
		[row.url.setting]: (row.url.byChain ? urls : url('http:', 'https:')).default(row.url.default),
		...(row.keys && { [row.keys.setting]: keys.default([]) }),
		[row.perSecond.setting]: count.default(row.perSecond.default),
		...(row.perDay && { [row.perDay.setting]: count.default(row.perDay.default) }),
	}));
	// Computed names are lost to the compiler.
	return Object.assign({}, ...shapes) as UpstreamSettings;
}

/** Every setting, with its default and its unit in the name; README.md explains each. */
const settings = z.object({
	HTTP_HOST: z.string().default('127.0.0.1'),
	HTTP_PORT: port.default(4000),
	METRICS_PORT: port.optional(),
	MYSQL_URL: hosts('mysql:', 'mariadb:'),
	RABBITMQ_URL: hosts('amqp:', 'amqps:'),
	REDIS_URL: hosts(
		...['redis:', 'rediss:', 'redis+sentinel:', 'rediss+sentinel:'],
		...['redis+cluster:', 'rediss+cluster:'],
	),
	MYSQL_CONNECTIONS: count.default(10),
	MYSQL_TIMEOUT_MS: milliseconds.default(15_000),

	SOURCES: sources.optional(),
	...upstreamSettings(),
	UPSTREAM_TIMEOUT_MS: milliseconds.default(20_000),
	TURN_PATIENCE_MS: milliseconds.default(30_000),
	BREAKER_FAILURES: count.default(5),
	BREAKER_MS: milliseconds.default(15_000),
	UPSTREAM_MAX_BYTES: count.default(32 * 1024 * 1024),
	SOURCE_MAX_BYTES: count.default(8 * 1024 * 1024),

	WORKER_CONCURRENCY: count.default(10),
	WORKER_PREFETCH: count.optional(),
	LEASE_MS: milliseconds.default(60_000),
	GRACE_MS: milliseconds.default(15_000),
	SWEEP_INTERVAL_MS: milliseconds.default(1_000),
	SWEEP_BATCH: count.default(200),
	CENSUS_INTERVAL_MS: milliseconds.default(15_000),
	RETRY_BASE_MS: milliseconds.default(2_000),
	RETRY_MAX_MS: milliseconds.default(300_000),
	MAX_ATTEMPTS: count.default(12),
	NOT_VERIFIED_MS: milliseconds.default(600_000),
	FOLLOW_PROXIES: z.stringbool().default(true),
	CHAINS_REFRESH_MS: milliseconds.default(6 * 3_600_000),
	DOOR_WAIT_MS: milliseconds.default(4_000),

	CACHE_TTL_MS: milliseconds.default(300_000),
	FOLLOW_POLL_MS: milliseconds.default(5_000),
	PING_MS: milliseconds.default(12_000),
	DEAD_PEER_MS: milliseconds.default(120_000),
	WARMUP_COUNT: z.coerce.number().int().min(0).default(1_000),
	WARMUP_BATCH: count.default(100),
	WARMUP_CONCURRENCY: count.default(4),
	WARMUP_TIMEOUT_MS: milliseconds.default(60_000),

	MAX_BODY_BYTES: count.default(256 * 1024),
	MAX_QUERY_DEPTH: count.default(15),
	MAX_QUERY_ALIASES: count.default(50),
	MAX_QUERY_TOKENS: count.default(4_000),
	MAX_QUERY_COST: count.default(20_000),
	MAX_QUERY_SOURCE_BYTES: count.default(64 * 1024 * 1024),
	MAX_QUERY_ITEMS: count.default(20_000),
	MAX_CONNECTIONS: count.default(10_000),
	MAX_SUBSCRIPTIONS_PER_CONNECTION: count.default(200),
	MAX_FOLLOWED_PER_CONNECTION: count.default(1_000),
	MAX_FOLLOWED: count.default(20_000),
	REQUESTS_PER_SECOND_PER_CLIENT: count.default(2_000),

	APP_VERSION: z.string().default('development'),
	APP_COMMIT: z.string().default('unknown'),
	APP_ENV: z.string().default('development'),
	TEST_OPERATIONS: z.stringbool().default(false),
	LOKI_URL: url('http:', 'https:').optional(),
	OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:').optional(),
	TRACES_SHARE: z.coerce.number().min(0).max(1).default(0.1),
	LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
	LOG_FORMAT: z.enum(['json', 'pretty']).optional(),
	SHUTDOWN_MS: milliseconds.default(10_000),
});

const together = settings.refine(({ PING_MS, DEAD_PEER_MS }) => DEAD_PEER_MS > PING_MS, {
	path: ['DEAD_PEER_MS'],
	message: 'more than PING_MS is expected, or everybody is removed at the first ping',
});

export type Config = z.infer<typeof settings>;

/** The upstreams in the order in which they are asked, each once. */
export function sourceNames(config: Config): readonly UpstreamName[] {
	if (config.SOURCES) return [...new Set(config.SOURCES)];
	const { url, keys } = termsOf(config, 'etherscan');
	const known = keys.length > 0 || url !== upstreams.etherscan.url.default;
	return known ? ['etherscan', 'sourcify'] : ['sourcify'];
}

/** By what an upstream is asked. */
export function termsOf(config: Config, name: UpstreamName): UpstreamTerms {
	const { url, keys, perSecond, perDay } = upstreams[name];
	return {
		url: config[url.setting],
		keys: keys === null ? [] : config[keys.setting],
		perSecond: config[perSecond.setting],
		perDay: perDay === null ? null : config[perDay.setting],
	};
}

/** How often the first upstream may be called, by all its accounts together. */
export function callsPerSecond(config: Config): number {
	const { keys, perSecond } = termsOf(config, sourceNames(config)[0] ?? 'sourcify');
	return perSecond * Math.max(1, new Set(keys.map(({ account }) => account)).size);
}

/** Some settings are missing or wrong. The message names them all and holds no value. */
export class ConfigError extends Error {}

/** The only reader of the environment. Throws a `ConfigError` that names every mistake at once. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
	return parse(together, environment);
}

/** As `readConfig`, for what needs the database alone. */
export function readMysqlUrl(environment: NodeJS.ProcessEnv = process.env): string {
	return parse(settings.pick({ MYSQL_URL: true }), environment).MYSQL_URL;
}

function parse<T extends z.ZodType>(shape: T, environment: NodeJS.ProcessEnv): z.infer<T> {
	// An empty variable, as in a copied .env.example, is one that is not set.
	const given = Object.entries(environment).filter(
		([, value]) => value !== undefined && value.trim() !== '',
	);
	const parsed = shape.safeParse(Object.fromEntries(given));
	if (parsed.success) return parsed.data;
	const lines = parsed.error.issues.map((issue) => {
		const name = issue.path.join('.');
		const missing = issue.code === 'invalid_type' && !environment[name]?.trim();
		return `  ${name}: ${missing ? 'is not set' : expected(issue)}`;
	});
	throw new ConfigError(`These settings are missing or wrong:\n${lines.join('\n')}`);
}

function expected(issue: z.core.$ZodIssue): string {
	switch (issue.code) {
		case 'invalid_type':
			return 'a whole number is expected';
		case 'too_small':
			return `at least ${issue.minimum} is expected`;
		case 'too_big':
			return `at most ${issue.maximum} is expected`;
		case 'invalid_value':
			return `one of ${issue.values.join(', ')} is expected`;
		default:
			return issue.message;
	}
}

function isUrl(text: string, protocols: readonly string[]): boolean {
	const url = URL.parse(text);
	if (!url || !protocols.includes(url.protocol)) return false;
	try {
		decodeURIComponent(url.username + url.password);
		return true;
	} catch {
		return false;
	}
}
