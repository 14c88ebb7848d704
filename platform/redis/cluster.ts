import { createConnection } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import {
	AbstractConnector,
	Cluster,
	type CommonRedisOptions,
	Redis,
	type RedisOptions,
} from 'ioredis';
import type { RedisNode } from './place.ts';

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
 * Opens a connection for subscriptions to any one of the cluster's nodes, as each tells of every event, and to the
 * next one when that is lost. Unlike the cluster client's own it says when: by `ready`, as any connection.
 */
export function openClusterSubscriber(
	cluster: Cluster,
	nodes: readonly RedisNode[],
	options: RedisOptions,
): Redis {
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

	const subscriber = new Redis({ ...options, Connector: AnyNode });
	// A node that has left the cluster may live on, and tells of nothing.
	cluster.on('-node', ({ options: { host, port } }: Redis) => {
		if (`${host}:${port}` === current && subscriber.status === 'ready') subscriber.disconnect(true);
	});
	return subscriber;
}
