import type { z } from 'zod';
import type { Backlog } from '../domain/line.ts';
import { type UpstreamName, type UpstreamTerms, upstreams } from '../domain/upstreams.ts';
import { renamed, settings } from './settings.ts';

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

/** What waits, before it is counted for the first time. */
export function newBacklog(config: Config): Backlog {
	return {
		...{ queued: 0, lines: new Map(), perSecond: callsPerSecond(config) },
		...{ mostQueued: mostQueued(config), mostWaiting: config.MAX_WAITING },
	};
}

/** Jobs that lie on the queue before others wait in line: two seconds' work, so that nobody waits long behind them. */
export function mostQueued(config: Config): number {
	return Math.min(1_000, Math.max(20, 2 * callsPerSecond(config)));
}

/** Downloads at once in one worker: as many as keep its upstreams busy while each waits for its turn. */
export function concurrencyOf(config: Config): number {
	const usual = Math.min(64, Math.max(10, Math.ceil(callsPerSecond(config) / 5)));
	return config.WORKER_CONCURRENCY ?? usual;
}

/** Some settings are missing or wrong. The message names them all and holds no value. */
export class ConfigError extends Error {}

/** The only reader of the environment. Throws a `ConfigError` that names every mistake at once. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
	return parseSettings(together, environment);
}

/** As `readConfig`, for what needs a few of the settings only. */
export function parseSettings<T extends z.ZodType>(
	shape: T,
	environment: NodeJS.ProcessEnv,
): z.infer<T> {
	// An empty variable, as in a copied .env.example, is one that is not set.
	const given = Object.fromEntries(
		Object.entries(environment).filter(([, value]) => value?.trim()),
	);
	/** The name under which each renamed setting was given. */
	const names: Record<string, string> = {};
	for (const [former, name] of Object.entries(renamed)) {
		if (given[name] !== undefined || given[former] === undefined) continue;
		given[name] = given[former];
		names[name] = former;
	}
	const parsed = shape.safeParse(given);
	if (parsed.success) return parsed.data;
	const lines = parsed.error.issues.map((issue) => {
		const name = issue.path.join('.');
		const missing = issue.code === 'invalid_type' && given[name] === undefined;
		return `  ${names[name] ?? name}: ${missing ? 'is not set' : expected(issue)}`;
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
