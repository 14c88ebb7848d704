import { DrizzleQueryError } from 'drizzle-orm';
import { createLogger, format, type Logger, transports } from 'winston';
import type { Config } from './config.ts';
import { eachHost } from './hosts.ts';

/** The secrets in a configuration: none of them may appear in a log. */
export function secretsOf(config: Config): string[] {
	const urls = [config.MYSQL_URL, config.RABBITMQ_URL, config.REDIS_URL, config.ETHERSCAN_URL];
	const passwords = urls.flatMap((text) => {
		const [one = text] = eachHost(text);
		const { password, searchParams } = new URL(one);
		const sentinels = searchParams.get('sentinelPassword') ?? '';
		return [password, decodeURIComponent(password), sentinels];
	});
	const keys = [...config.ETHERSCAN_API_KEYS, ...config.BLOCKSCOUT_API_KEY].map(({ key }) => key);
	const secrets = [...keys, ...passwords].filter((text) => text.length > 3);
	// As they stand in a URL and in JSON too; the longest first, as one may be part of another.
	const forms = secrets.flatMap((text) => [
		text,
		encodeURIComponent(text),
		JSON.stringify(text).slice(1, -1),
	]);
	return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** Replaces every secret, wherever in the text it is. */
export function redact(text: string, secrets: readonly string[]): string {
	return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/**
 * One JSON line an event, on stdout unless that is for something else: constant lower-case message, facts
 * as fields.
 */
export function openLog(
	service: string,
	config: Config,
	to: 'stdout' | 'stderr' = 'stdout',
): Logger {
	const secrets = secretsOf(config);
	const line = format.printf((info) => {
		const { level, message, timestamp, service: from, ...facts } = info;
		const text =
			config.LOG_FORMAT === 'json'
				? JSON.stringify({ timestamp, level, service: from, message, ...facts })
				: `${String(timestamp).slice(11, 23)} ${level.padEnd(5)} ${message}${pretty(facts)}`;
		return redact(text, secrets);
	});
	return createLogger({
		level: config.LOG_LEVEL,
		defaultMeta: { service },
		format: format.combine(format.timestamp(), line),
		transports: [
			new transports.Console({
				stderrLevels: to === 'stderr' ? ['error', 'warn', 'info', 'debug'] : [],
			}),
		],
	});
}

function pretty(facts: Record<string, unknown>): string {
	const { error, ...rest } = facts;
	const fields = Object.entries(rest).map(([name, value]) =>
		typeof value === 'object' ? `${name}=${JSON.stringify(value)}` : `${name}=${value}`,
	);
	const stack = (error as { stack?: string } | undefined)?.stack;
	const reason = (error as { message?: string } | undefined)?.message;
	const said = reason === undefined ? [] : [`error=${JSON.stringify(reason)}`];
	return `${['', ...fields, ...said].join('  ')}${stack ?? ''}`;
}

/** An error as facts: whole for the log, with its causes, but never with the values of a query. */
export function errorFacts(error: unknown): Record<string, unknown> {
	if (!(error instanceof Error)) return { message: String(error).slice(0, longest) };
	const { stack = '' } = error;
	const causes = error instanceof AggregateError ? error.errors[0] : error.cause;
	return {
		name: error.name,
		message: messageOf(error),
		...('code' in error ? { code: error.code } : {}),
		// Without the message, which it repeats.
		stack: stack.slice(Math.max(stack.indexOf('\n    at '), 0)).slice(0, longest),
		...(causes === undefined ? {} : { cause: errorFacts(causes) }),
	};
}

const longest = 4_000;

function messageOf(error: Error): string {
	// The query builder appends every parameter: whole sources among them.
	const text = error instanceof DrizzleQueryError ? `failed query: ${error.query}` : error.message;
	return text.slice(0, longest);
}
