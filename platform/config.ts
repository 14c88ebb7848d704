import type { z } from 'zod';
import { liveEtherscan, renamed, settings } from './settings.ts';

const together = settings.refine(({ PING_MS, DEAD_PEER_MS }) => DEAD_PEER_MS > PING_MS, {
	path: ['DEAD_PEER_MS'],
	message: 'more than PING_MS is expected, or everybody is removed at the first ping',
});

/** Of METRICS_PORT: two processes on one machine need two. */
export const metricsPorts = { server: 9464, worker: 9465 } as const;

export type Config = z.infer<typeof settings>;

export type SourceName = NonNullable<Config['SOURCES']>[number];

/** The upstreams in the order in which they are asked. */
export function sourceNames(config: Config): readonly SourceName[] {
	const known = config.ETHERSCAN_API_KEYS.length > 0 || config.ETHERSCAN_URL !== liveEtherscan;
	return config.SOURCES ?? (known ? ['etherscan', 'sourcify'] : ['sourcify']);
}

/** How often the first upstream may be called, by all its accounts together. */
export function callsPerSecond(config: Config): number {
	const accountsIn = (keys: Config['ETHERSCAN_API_KEYS']) =>
		Math.max(1, new Set(keys.map(({ account }) => account)).size);
	const paces: Record<SourceName, number> = {
		etherscan: config.ETHERSCAN_RPS * accountsIn(config.ETHERSCAN_API_KEYS),
		sourcify: config.SOURCIFY_RPS,
		blockscout: config.BLOCKSCOUT_RPS * accountsIn(config.BLOCKSCOUT_API_KEY),
	};
	return paces[sourceNames(config)[0] ?? 'sourcify'];
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
