import { type Config, ConfigError, readConfig, sourceNames } from '../../platform/config.ts';
import { metricsPorts } from '../../platform/settings.ts';
import { isFree, nextFreePort } from '../services/ports.ts';
import { SetupError } from '../services/setup-error.ts';

export type Settings = {
	httpPort: number;
	/** The server's; the worker has the one after it. */
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

/** What a worker is given where it asks the emulator instead of Etherscan. */
export const emulatorKey = 'emulator';

/** The settings that starting itself depends on; all mistakes at once, by name. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
	const { config, mistake } = readOthers(env);
	const mistakes: string[] = [];
	const port = (name: string, fallback: number, highest: number) => {
		const text = env[name]?.trim();
		const value = !text ? fallback : /^\d+$/.test(text) ? Number(text) : Number.NaN;
		if (value > 0 && value <= highest) return value;
		mistakes.push(`${name} is "${text}"; expected a port number from 1 to ${highest}`);
		return fallback;
	};
	const httpPort = port('HTTP_PORT', config.HTTP_PORT, 65_535);
	const metricsPort = port('METRICS_PORT', metricsPorts.server, 65_534);
	if (httpPort === metricsPort || httpPort === metricsPort + 1) {
		mistakes.push(
			`HTTP_PORT ${httpPort} is also wanted for metrics, by METRICS_PORT and the one after it; set one of them`,
		);
	}
	if (mistake) mistakes.push(mistake);
	if (mistakes.length > 0) throw new SetupError(mistakes.join('\n'));
	const keys = config.ETHERSCAN_API_KEYS;
	// Without a key the emulator stands in, so Etherscan is always there to be asked.
	const known = { ...config, ETHERSCAN_API_KEYS: [{ account: 'main', key: emulatorKey }] };
	return {
		httpPort,
		metricsPort,
		etherscanKeys: keys.length,
		etherscanUrl: env['ETHERSCAN_URL']?.trim() || undefined,
		sources: sourceNames(known),
	};
}

/** All that is no port, as the processes read it; the services' addresses may still be unknown. */
function readOthers(env: NodeJS.ProcessEnv): { config: Config; mistake?: string } {
	const others = Object.entries(env).filter(
		([name, value]) => !/_PORT$/.test(name) && value?.trim(),
	);
	try {
		return { config: readConfig({ ...nowhere, ...Object.fromEntries(others) }) };
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		return { config: readConfig({ ...nowhere }), mistake: error.message };
	}
}

/** Throws, naming the setting to change, when a port that `npm start` needs is taken. */
export async function checkPorts({ httpPort, metricsPort }: Settings): Promise<void> {
	const needed = [
		{ port: httpPort, setting: 'HTTP_PORT', what: `HTTP_PORT ${httpPort}` },
		{ port: metricsPort, setting: 'METRICS_PORT', what: `METRICS_PORT ${metricsPort}` },
		{
			port: metricsPort + 1,
			setting: 'METRICS_PORT',
			what: `port ${metricsPort + 1} (METRICS_PORT + 1, for the worker)`,
		},
	];
	const mistakes: string[] = [];
	for (const { port, setting, what } of needed) {
		if (await isFree(port)) continue;
		const others =
			setting === 'HTTP_PORT'
				? { besides: [metricsPort, metricsPort + 1] }
				: { besides: [httpPort], count: 2 };
		const other = await nextFreePort(port + 100, others);
		const hint = `set ${setting} to a free one, such as ${setting}=${other} npm start`;
		mistakes.push(`${what} is taken by another program: ${hint}`);
	}
	if (mistakes.length > 0) throw new SetupError(mistakes.join('\n'));
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
