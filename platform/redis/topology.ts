import { createConnection } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import {
	AbstractConnector,
	Cluster,
	type CommonRedisOptions,
	type Redis,
	type RedisOptions,
} from 'ioredis';
import { eachHost, hostAndPort } from '../hosts.ts';
import { Subscriber } from './subscriber.ts';

interface RedisNode {
	host: string;
	port: number;
}

/** What kind of Redis a URL names, and what a connection to it is opened with. */
type RedisAddress =
	| { kind: 'one'; url: string }
	/** The Sentinels say which server it is. */
	| { kind: 'sentinel'; options: RedisOptions }
	/** Any of its nodes knows the others. */
	| { kind: 'cluster'; nodes: readonly RedisNode[]; options: RedisOptions };

/** For a URL that `readConfig` has passed. */
export function redisAddress(text: string): RedisAddress {
	const urls = eachHost(text).map((one) => new URL(one));
	const [url = new URL(text)] = urls;
	if (!url.protocol.includes('+')) return { kind: 'one', url: text };
	const secure = url.protocol.startsWith('rediss+');
	const username = decodeURIComponent(url.username);
	const password = decodeURIComponent(url.password);
	const options: RedisOptions = {
		...(username && { username }),
		...(password && { password }),
		...(secure && { tls: {} }),
	};
	if (url.protocol.endsWith('+cluster:')) {
		return { kind: 'cluster', nodes: urls.map((one) => hostAndPort(one, 6379)), options };
	}
	const [name = '', database = ''] = decodeURIComponent(url.pathname.slice(1)).split('/');
	const sentinelUsername = url.searchParams.get('sentinelUsername');
	const sentinelPassword = url.searchParams.get('sentinelPassword') ?? password;
	return {
		kind: 'sentinel',
		options: {
			...options,
			name,
			db: Number(database),
			sentinels: urls.map((one) => hostAndPort(one, 26379)),
			...(sentinelUsername && { sentinelUsername }),
			...(sentinelPassword && { sentinelPassword }),
			...(secure && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
		},
	};
}

/** Opens a client of the whole cluster: it finds the node that each key belongs to. */
export function openCluster(
	nodes: readonly RedisNode[],
	options: RedisOptions,
	{ retryStrategy, aliveMs }: { retryStrategy(attempt: number): number; aliveMs: number },
): Cluster {
	const { retryStrategy: _, enableOfflineQueue: __, enableAutoPipelining: ___, ...each } = options;
	return new Cluster([...nodes], {
		enableOfflineQueue: false,
		clusterRetryStrategy: retryStrategy,
		// Of 100 ms each: what a fail-over needs is longer than anybody here waits.
		maxRedirections: 6,
		slotsRefreshTimeout: aliveMs,
		// Names stay names: certificates are made out to them, and addresses behind them may change.
		dnsLookup: (name, callback) => callback(null, name),
		redisOptions: each,
	});
}

/**
 * Opens a connection for subscriptions to any one of the cluster's nodes, as each publishes every event, and to the
 * next one when that is lost. Unlike the cluster client's own it says when: by `ready`, as any connection.
 */
export function openClusterSubscriber(
	cluster: Cluster,
	nodes: readonly RedisNode[],
	options: RedisOptions,
): Subscriber {
	let turn = Math.floor(Math.random() * nodes.length);
	let current = '';

	/** Those that the cluster has now; where none is known, those that the URL names. */
	function next(): RedisNode {
		const known = cluster.nodes().map((node) => node.options);
		const all = known.length > 0 ? known : nodes;
		turn += 1;
		const { host = '', port = 0 } = all[turn % all.length] ?? {};
		current = `${host}:${port}`;
		return { host, port };
	}

	class AnyNode extends AbstractConnector {
		constructor(given: unknown) {
			// The library hands over the options of the connection, with its defaults filled in.
			super((given as CommonRedisOptions & { disconnectTimeout: number }).disconnectTimeout);
		}
		override async connect() {
			this.connecting = true;
			const at = next();
			const stream = options.tls
				? connectSecurely({ ...at, ...options.tls })
				: createConnection(at);
			stream.once('error', (error) => {
				this.firstError = error;
			});
			this.stream = stream;
			return stream;
		}
	}

	const subscriber = new Subscriber({ ...options, Connector: AnyNode });
	// A node that has left the cluster may live on, and publishes nothing.
	cluster.on('-node', ({ options: { host, port } }: Redis) => {
		if (`${host}:${port}` === current && subscriber.status === 'ready') subscriber.disconnect(true);
	});
	return subscriber;
}
