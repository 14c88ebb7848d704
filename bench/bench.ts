import type { Run } from '../ops/run/run.ts';
import { openSystem, type ServerProcess, type System } from '../test/harness/system.ts';
import type { Extent } from './flags.ts';
import { type Dataset, fill } from './setup/dataset.ts';
import { type PeerName, startPeer } from './setup/peers.ts';
import type { StartedProcess } from './setup/started.ts';
import { openSink } from './telemetry/open-sink.ts';
import type { Target } from './wrk/wrk.ts';

/** What the comparisons share. What each needs is started when the first one asks for it. */
export interface Bench extends Run {
	extent: Extent;
	stack: AsyncDisposableStack;
	/** Of the services that all share, by name. */
	pids: Readonly<Record<string, number>>;
	/** The product's services, and its other processes. */
	system(): Promise<System>;
	data(): Promise<Dataset>;
	/** A server as in production: metrics, logs and traces on, the limits too, except requests of one client. */
	server(): Promise<ServerProcess>;
	/** Takes metrics, logs and traces. */
	sinkUrl(): Promise<string>;
	/** Undefined for one that cannot be had on this machine. */
	peer(name: PeerName, env?: Record<string, string>): Promise<Target | undefined>;
}

/** The product's own times instead of those that tests have; one client sends everything here. */
export const asInProduction = {
	...{ GRACE_MS: '15000', LEASE_MS: '60000', SWEEP_INTERVAL_MS: '1000', RETRY_BASE_MS: '2000' },
	...{ FOLLOW_POLL_MS: '5000', LOG_LEVEL: 'info', NODE_ENV: 'production' },
	...{ REQUESTS_PER_SECOND_PER_CLIENT: '1000000', ETHERSCAN_RPS: '1000000' },
	...{ MAX_CONNECTIONS_PER_CLIENT: '1000000', MAX_FOLLOWED_PER_CLIENT: '1000000' },
	// No entry is to expire between two measurements.
	CACHE_TTL_MS: '86400000',
};

const rows = 5_000;

export function openBench(
	run: Run,
	extent: Extent,
	stack: AsyncDisposableStack,
	missing: readonly PeerName[],
	pids: Readonly<Record<string, number>>,
): Bench {
	const started = new Map<string, Promise<StartedProcess>>();
	const system = once(async () => stack.use(await openSystem({ env: asInProduction })));
	const sinkUrl = once(async () => stack.use(await openSink(extent.sink)).url);
	const environment = async () => {
		const { env } = await system();
		const { MYSQL_URL = '', REDIS_URL = '', RABBITMQ_URL = '' } = env;
		return { MYSQL_URL, REDIS_URL, RABBITMQ_URL };
	};
	return {
		...run,
		extent,
		stack,
		pids,
		system,
		sinkUrl,
		data: once(async () => fill(await system(), rows)),
		server: once(async () => {
			const url = await sinkUrl();
			return (await system()).server({ LOKI_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: url });
		}),
		async peer(name, env = {}) {
			if (missing.includes(name)) return undefined;
			const key = JSON.stringify([name, env]);
			const peer =
				started.get(key) ??
				environment().then(async (all) => stack.use(await startPeer(name, { ...all, ...env })));
			started.set(key, peer);
			return peer;
		},
	};
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
