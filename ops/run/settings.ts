import { SetupError } from '../services/setup-error.ts';

export type Settings = {
	httpPort: number;
	metricsPort: number;
	/** How many keys live Etherscan would be called with. */
	etherscanKeys: number;
	etherscanUrl: string | undefined;
};

export const serviceVariables = ['MYSQL_URL', 'RABBITMQ_URL', 'REDIS_URL'] as const;
export type ServiceVariable = (typeof serviceVariables)[number];
export type ServiceUrls = Record<ServiceVariable, string>;

/** The settings that starting itself depends on; all mistakes at once, by name. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
	const mistakes: string[] = [];
	const port = (name: string, fallback: number, highest: number) => {
		const text = env[name]?.trim();
		const value = text ? Number(text) : fallback;
		if (Number.isInteger(value) && value > 0 && value <= highest) return value;
		mistakes.push(`${name} is "${text}"; expected a port number from 1 to ${highest}`);
		return fallback;
	};
	const settings = {
		httpPort: port('HTTP_PORT', 4000, 65_535),
		// The worker's is one more.
		metricsPort: port('METRICS_PORT', 9464, 65_534),
		etherscanKeys: (env['ETHERSCAN_API_KEYS'] ?? '').split(',').filter((key) => key.trim()).length,
		etherscanUrl: env['ETHERSCAN_URL']?.trim() || undefined,
	};
	if (mistakes.length > 0) throw new SetupError(mistakes.join('\n'));
	return settings;
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
