import { type Emulator, startEmulator } from '../../bench/emulator/emulator.ts';
import { freePort } from '../../ops/services/ports.ts';
import {
	type Link,
	type Links,
	openLinks,
	type ProcessName,
	processNames,
	type ServerName,
} from './links.ts';
import { createLogWatch, type LogWatch } from './log-watch.ts';
import { openServices, type Services } from './services.ts';
import { type Supervised, supervise } from './supervised.ts';

/** The whole system, with a proxy on every connection in it. */
export interface ProxiedSystem extends AsyncDisposable {
	services: Services;
	links: Links;
	processes: Readonly<Record<ProcessName, Supervised>>;
	emulator: Emulator;
	watch: LogWatch;
	/** Where clients reach a server. */
	url(server: ServerName): string;
}

/** Short times, so that what takes seconds in production takes moments here. */
export const times = {
	LEASE_MS: 4_000,
	GRACE_MS: 1_000,
	SWEEP_INTERVAL_MS: 200,
	RETRY_BASE_MS: 100,
	RETRY_MAX_MS: 1_500,
	FOLLOW_POLL_MS: 500,
	MYSQL_TIMEOUT_MS: 3_000,
	UPSTREAM_TIMEOUT_MS: 1_500,
	TURN_PATIENCE_MS: 2_000,
	BREAKER_MS: 1_000,
	// Long enough to end, whatever an outage still holds.
	SHUTDOWN_MS: 10_000,
};

/** So many that a valid contract outlasts any outage made here: what ends in ERROR is none. */
export const maxAttempts = 200;
export const mysqlConnections = 6;

const apiKey = 'FAULTSKEY0123456789SECRET';

export async function openProxiedSystem(folder: string): Promise<ProxiedSystem> {
	const stack = new AsyncDisposableStack();
	try {
		const emulator = stack.use(await startEmulator({ latency: [50, 600], slowness: 1_200 }));
		const services = stack.use(await openServices(folder));
		const httpPorts = { 'server-1': await freePort(), 'server-2': await freePort() };
		const links = await openLinks((to) => portOf(to));
		stack.defer(() => links.close());
		const watch = createLogWatch();
		watch.forbid([...services.secrets, apiKey]);

		function portOf(to: Link['to']): number {
			switch (to) {
				case 'mysql':
				case 'rabbitmq':
				case 'redis':
					return Number(new URL(services[to].current.url).port);
				case 'upstream':
					return Number(new URL(emulator.url).port);
				default:
					return httpPorts[to];
			}
		}

		async function run(name: ProcessName): Promise<Supervised> {
			const isServer = name === 'server-1' || name === 'server-2';
			const supervised = await supervise({
				name,
				script: isServer ? 'server/main.ts' : 'worker/main.ts',
				readyMessage: isServer ? 'serving' : 'working',
				env: {
					...environment(name, services, links, emulator),
					...(isServer && { HTTP_PORT: String(httpPorts[name]) }),
				},
				watch,
			});
			running.push(supervised);
			return supervised;
		}

		const running: Supervised[] = [];
		stack.defer(async () => {
			await Promise.all(running.map((one) => one.stop()));
		});
		const processes = {
			'server-1': await run('server-1'),
			'server-2': await run('server-2'),
			'worker-1': await run('worker-1'),
			'worker-2': await run('worker-2'),
		};
		await Promise.all(processNames.map((name) => processes[name].ready()));
		return {
			services,
			links,
			processes,
			emulator,
			watch,
			url: (server) => `http://127.0.0.1:${links.port('clients', server)}`,
			[Symbol.asyncDispose]: () => stack.disposeAsync(),
		};
	} catch (error) {
		await stack.disposeAsync();
		throw error;
	}
}

/** The settings of one process: every service is behind its own proxy. */
function environment(
	name: ProcessName,
	services: Services,
	links: Links,
	emulator: Emulator,
): Record<string, string> {
	const { user } = services.database;
	const through = (text: string, to: Link['to']) => {
		const url = new URL(text);
		url.port = String(links.port(name, to));
		return url;
	};
	const mysql = through(services.mysql.current.url, 'mysql');
	mysql.username = user.name;
	mysql.password = user.password;
	const rabbitmq = through(services.rabbitmq.current.url, 'rabbitmq');
	rabbitmq.searchParams.set('heartbeat', '2');
	const upstream = name.startsWith('worker')
		? through(emulator.url, 'upstream').href
		: emulator.url;
	return {
		...Object.fromEntries(Object.entries(times).map(([key, ms]) => [key, String(ms)])),
		MAX_ATTEMPTS: String(maxAttempts),
		MYSQL_CONNECTIONS: String(mysqlConnections),
		METRICS_PORT: '0',
		MYSQL_URL: mysql.href,
		RABBITMQ_URL: rabbitmq.href,
		REDIS_URL: through(services.redis.current.url, 'redis').href,
		ETHERSCAN_URL: upstream,
		ETHERSCAN_API_KEYS: apiKey,
		ETHERSCAN_RPS: '1000',
		SOURCES: 'etherscan',
		LOG_LEVEL: 'debug',
	};
}
