import { ConfigError, readConfig } from '../../platform/config.ts';
import { SetupError } from '../services/setup-error.ts';

export type Settings = {
	httpPort: number;
	metricsPort: number;
	/** How many keys live Etherscan would be called with. */
	etherscanKeys: number;
	etherscanUrl: string | undefined;
	/** In the order in which they are asked. */
	sources: readonly string[];
};

export const serviceVariables = ['MYSQL_URL', 'RABBITMQ_URL', 'REDIS_URL'] as const;
export type ServiceVariable = (typeof serviceVariables)[number];
export type ServiceUrls = Record<ServiceVariable, string>;

/** Stand in for services whose addresses are not needed, or not known yet. */
export const nowhere: ServiceUrls = {
	MYSQL_URL: 'mysql://h/d',
	RABBITMQ_URL: 'amqp://h',
	REDIS_URL: 'redis://h',
};

/** The settings that starting itself depends on; all mistakes at once, by name. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
	const mistakes: string[] = [];
	const port = (name: string, fallback: number, highest: number) => {
		const text = env[name]?.trim();
		const value = !text ? fallback : /^\d+$/.test(text) ? Number(text) : Number.NaN;
		if (value > 0 && value <= highest) return value;
		mistakes.push(`${name} is "${text}"; expected a port number from 1 to ${highest}`);
		return fallback;
	};
	const settings = {
		httpPort: port('HTTP_PORT', 4000, 65_535),
		// The worker's is one more.
		metricsPort: port('METRICS_PORT', 9464, 65_534),
		etherscanKeys: (env['ETHERSCAN_API_KEYS'] ?? '').split(',').filter((key) => key.trim()).length,
		etherscanUrl: env['ETHERSCAN_URL']?.trim() || undefined,
		sources: (env['SOURCES']?.trim() || 'etherscan,sourcify').split(',').map((name) => name.trim()),
	};
	const { httpPort, metricsPort } = settings;
	if (httpPort === metricsPort || httpPort === metricsPort + 1) {
		mistakes.push(
			`HTTP_PORT ${httpPort} is also wanted for metrics, by METRICS_PORT and the one after it; set one of them`,
		);
	}
	mistakes.push(...otherMistakes(env));
	if (mistakes.length > 0) throw new SetupError(mistakes.join('\n'));
	return settings;
}

/** What the processes themselves would refuse; the services' addresses may still be unknown. */
function otherMistakes(env: NodeJS.ProcessEnv): string[] {
	const given = Object.entries(env).filter(
		([name, value]) => !/_PORT$/.test(name) && value?.trim(),
	);
	try {
		readConfig({ ...nowhere, ...Object.fromEntries(given) });
		return [];
	} catch (error) {
		if (error instanceof ConfigError) return [error.message];
		throw error;
	}
}

/** The services a person has named themselves. */
export function givenUrls(env: NodeJS.ProcessEnv): Partial<ServiceUrls> {
	const given = serviceVariables.map((name) => [name, env[name]?.trim()] as const);
	return Object.fromEntries(given.filter(([, url]) => url));
}

/** The environment of one of our processes: everything of ours, and what was found out for it. */
export function childEnvironment(
	env: NodeJS.ProcessEnv,
	found: Record<string, string | number | undefined>,
): NodeJS.ProcessEnv {
	const known = Object.entries(found).filter(([, value]) => value !== undefined);
	return { ...env, ...Object.fromEntries(known.map(([name, value]) => [name, String(value)])) };
}
