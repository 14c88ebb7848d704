import { createLogger, format, type Logger, transports } from 'winston';
import type { Config } from './config.ts';

/** The secrets in a configuration: none of them may appear in a log. */
export function secretsOf(config: Config): string[] {
	const urls = [config.MYSQL_URL, config.RABBITMQ_URL, config.REDIS_URL, config.ETHERSCAN_URL];
	const passwords = urls.flatMap((text) => {
		const { password } = new URL(text);
		return [password, decodeURIComponent(password)];
	});
	return [...config.ETHERSCAN_API_KEYS, ...passwords].filter((secret) => secret.length > 3);
}

/** Replaces every secret, wherever in the text it is. */
export function redact(text: string, secrets: readonly string[]): string {
	return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** One JSON line an event on stdout: constant lower-case message, facts as fields. */
export function openLog(service: string, config: Config): Logger {
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
		transports: [new transports.Console()],
	});
}

function pretty(facts: Record<string, unknown>): string {
	const { error, ...rest } = facts;
	const fields = Object.entries(rest).map(([name, value]) =>
		typeof value === 'object' ? `${name}=${JSON.stringify(value)}` : `${name}=${value}`,
	);
	const stack = (error as { stack?: string } | undefined)?.stack;
	return `${fields.length > 0 ? `  ${fields.join(' ')}` : ''}${stack ? `\n${stack}` : ''}`;
}

/** An error as facts: whole for the log, with its causes. */
export function errorFacts(error: unknown): Record<string, unknown> {
	if (!(error instanceof Error)) return { message: String(error) };
	return {
		name: error.name,
		message: error.message,
		...('code' in error ? { code: error.code } : {}),
		stack: error.stack,
		...(error.cause === undefined ? {} : { cause: errorFacts(error.cause) }),
	};
}
