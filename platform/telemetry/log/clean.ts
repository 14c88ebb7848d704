import { DrizzleQueryError } from 'drizzle-orm';
import { isSecretName, type Redact, redacted } from '../../../domain/redact.ts';
import { upstreamNames, upstreams } from '../../../domain/upstreams.ts';
import { type Config, termsOf } from '../../config.ts';
import { eachHost } from '../../hosts.ts';

const deepest = 8;
const widest = 100;
const mostValues = 1_000;
const mostCharacters = 64 * 1024;
const longest = 4_000;

/**
 * Facts as they may be logged: plain values without secrets, neither by name nor by text, however deep; bounded, so
 * that no object makes a line without an end. Never throws.
 */
export function createClean(redact: Redact): (facts: object) => Record<string, unknown> {
	return (facts) => {
		let values = mostValues;
		let characters = mostCharacters;

		function text(long: string): string {
			// Redacted before it is cut, so that no half of a secret stays.
			const clean = redact(long);
			const most = Math.min(longest, characters);
			const cut = clean.length > most ? `${clean.slice(0, most)}…` : clean;
			characters -= Math.min(characters, cut.length);
			return cut;
		}

		function clean(value: unknown, depth: number): unknown {
			values -= 1;
			if (values < 0) return '…';
			if (typeof value === 'string') return text(value);
			if (typeof value === 'bigint') return String(value);
			if (typeof value === 'function' || typeof value === 'symbol') return undefined;
			if (typeof value !== 'object' || value === null) return value;
			if (depth > deepest) return '…';
			if (value instanceof Error) return record(errorFacts(value), depth);
			if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
			if (value instanceof URL) return text(value.href);
			if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
			if (value instanceof Set) return list([...value], depth);
			if (value instanceof Map) return record(Object.fromEntries(value), depth);
			return Array.isArray(value) ? list(value, depth) : record(value, depth);
		}

		const list = (items: unknown[], depth: number) =>
			items.slice(0, widest).map((item) => clean(item, depth + 1));

		function record(fields: object, depth: number): Record<string, unknown> {
			const result: Record<string, unknown> = {};
			for (const [name, value] of Object.entries(fields).slice(0, widest)) {
				const hidden = isSecretName(name) && value !== null && typeof value !== 'boolean';
				result[text(name)] = hidden ? redacted : clean(value, depth + 1);
			}
			return result;
		}

		try {
			return record(facts, 0);
		} catch {
			// A getter of an untrusted object.
			return { unreadable: true };
		}
	};
}

const deepestCause = 5;
const mostErrors = 3;

/**
 * An error as facts: whole for the log, with its causes and those of an `AggregateError`, but never with the values
 * of a query.
 */
export function errorFacts(error: unknown, depth = 0): Record<string, unknown> {
	if (!(error instanceof Error)) return { message: String(error) };
	const { stack = '' } = error;
	const further = (cause: unknown) => errorFacts(cause, depth + 1);
	const goesOn = depth < deepestCause;
	return {
		name: error.name,
		message: messageOf(error),
		...('code' in error ? { code: error.code } : {}),
		// Without the message, which it repeats.
		stack: stack.slice(Math.max(stack.indexOf('\n    at '), 0)),
		...(error.cause === undefined || !goesOn ? {} : { cause: further(error.cause) }),
		...(error instanceof AggregateError && goesOn
			? { errors: error.errors.slice(0, mostErrors).map(further) }
			: {}),
	};
}

function messageOf(error: Error): string {
	// The query builder appends every parameter: whole sources among them.
	return error instanceof DrizzleQueryError ? `failed query: ${error.query}` : error.message;
}

/** The secrets in a configuration: none of them may appear in a log. */
export function secretsOf(config: Config): string[] {
	const upstreamUrls = upstreamNames.flatMap((name) => {
		const { url } = termsOf(config, name);
		if (!upstreams[name].url.byChain) return [url];
		return url.split(',').map((part) => part.replace(/^\s*\d+=/, ''));
	});
	const urls = [
		...[config.MYSQL_URL, config.RABBITMQ_URL, config.REDIS_URL],
		...[config.LOKI_URL, config.OTEL_EXPORTER_OTLP_ENDPOINT],
		...upstreamUrls,
	];
	const passwords = urls.flatMap((text) => (text === undefined ? [] : passwordsIn(text)));
	const keys = upstreamNames.flatMap((name) => termsOf(config, name).keys.map(({ key }) => key));
	return [...new Set([...keys, ...passwords])].filter((text) => text.length > 3);
}

/** As they stand in the URL, as they are, and with their user as a header has both. */
function passwordsIn(text: string): string[] {
	const [one = text] = eachHost(text);
	const { username, password, searchParams } = new URL(one);
	const sentinels = searchParams.get('sentinelPassword') ?? '';
	const plain = decodeURIComponent(password);
	const both = plain && Buffer.from(`${decodeURIComponent(username)}:${plain}`).toString('base64');
	return [password, plain, both, sentinels];
}
