import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, createPool, type Pool, type PoolConnection } from 'mysql2';
import type { QueryOptions, QueryResult } from 'mysql2/promise';
import type { Emit } from '../../domain/telemetry.ts';
import { eachHost } from '../hosts.ts';
import { isReadOnly, noPrimary, takesWrites } from './primary.ts';
import { observed } from './statement.ts';

export interface PoolOptions {
	connections: number;
	/** How long the server may be silent in the midst of a statement before its connection is given up. */
	timeoutMs: number;
	/** Takes every statement and every wait for a connection. */
	emit: Emit;
	/** Whether statements may be sent several at once, separated by semicolons. */
	several?: boolean;
}

/** Of all connections, at this moment; `pending`: those who wait for one, or for it to be made. */
export interface PoolState {
	idle: number;
	used: number;
	pending: number;
}

type Values = QueryOptions['values'];
type Query = (options: QueryOptions, values?: Values) => Promise<[QueryResult, unknown]>;

/** A connection that is the caller's until it is released. */
export interface Lent {
	query: Query;
	release(): void;
}

/** As much of a pool as Drizzle uses. */
export interface ConnectionPool {
	query: Query;
	getConnection(): Promise<Lent>;
	state(): PoolState;
	end(): Promise<void>;
}

/** How long a server that took writes is trusted to take them still. */
const trustMs = 500;

/**
 * Lends so many connections at once and makes them when they are needed. Of several hosts only the one that takes
 * writes is used: one that does not answer, or is read-only, is passed over, also when it has become so since.
 */
export function openPool(url: string, options: PoolOptions): ConnectionPool {
	const { emit, connections } = options;
	const idle = new Set<PoolConnection>();
	const used = new Set<PoolConnection>();
	const pools = eachHost(url).map((uri) => poolOf(uri, options));
	const permits = createSemaphore(connections);
	const trusted = new WeakMap<PoolConnection, number>();
	let turn = 0;
	let pending = 0;

	for (const pool of pools) {
		pool.on('connection', (connection: PoolConnection) => {
			// One that is lost has no use for its permit; Drizzle does not give it back where `begin` fails.
			const gone = () => {
				idle.delete(connection);
				giveBack(connection);
			};
			connection.once('end', gone).once('error', gone);
		});
		pool.on('release', (connection: PoolConnection) => idle.add(connection));
		pool.on('acquire', (connection: PoolConnection) => idle.delete(connection));
	}

	async function toPrimary(): Promise<PoolConnection> {
		let failure: unknown;
		for (let tries = pools.length + 1; tries > 0; ) {
			const at = turn;
			try {
				const connection = await connectionOf(pools[at % pools.length]);
				if (pools.length === 1) return connection;
				const checked = trusted.get(connection);
				if (checked !== undefined && performance.now() - checked < trustMs) return connection;
				const refusal = await whyNotPrimary(connection);
				if (refusal === null) {
					trusted.set(connection, performance.now());
					return connection;
				}
				failure = refusal;
				connection.destroy();
				// One that was kept from before says nothing of where the next one goes.
				if (checked === undefined) tries -= 1;
			} catch (error) {
				if (pools.length === 1) throw error;
				failure = error;
				tries -= 1;
			}
			// Only the first to find fault with a host moves on to the next.
			if (turn === at) turn += 1;
		}
		throw failure ?? noPrimary();
	}

	async function take(): Promise<PoolConnection> {
		const started = performance.now();
		let timedOut = false;
		pending += 1;
		await permits.acquire();
		try {
			const connection = await toPrimary();
			used.add(connection);
			return connection;
		} catch (error) {
			timedOut = error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT';
			permits.release();
			throw error;
		} finally {
			pending -= 1;
			emit({ type: 'mysql.waited', seconds: (performance.now() - started) / 1_000, timedOut });
		}
	}

	// Not by the driver's promises, which take a stack at each call.
	function queryOver(connection: PoolConnection): Query {
		return (options, values) =>
			observed(emit, options.sql, () => {
				const { promise, resolve, reject } = Promise.withResolvers<[QueryResult, unknown]>();
				connection.query<QueryResult>(
					{ ...options, values: values ?? options.values },
					(error, result, fields) => {
						if (error) reject(error);
						else resolve([result, fields]);
					},
				);
				return promise;
			});
	}

	function giveBack(connection: PoolConnection): void {
		connection.release();
		if (used.delete(connection)) permits.release();
	}

	return {
		async query(options, values) {
			const connection = await take();
			try {
				return await queryOver(connection)(options, values);
			} catch (error) {
				if (isReadOnly(error)) connection.destroy();
				throw error;
			} finally {
				giveBack(connection);
			}
		},
		async getConnection() {
			const connection = await take();
			return { query: queryOver(connection), release: () => giveBack(connection) };
		},
		state: () => ({ idle: idle.size, used: permits.held(), pending }),
		async end() {
			await Promise.all(pools.map((pool) => pool.promise().end()));
		},
	};
}

/** The connections to one host. */
function poolOf(uri: string, { connections, timeoutMs, several = false }: PoolOptions): Pool {
	const pool = createPool({
		uri,
		connectionLimit: connections,
		timezone: 'Z',
		charset: 'utf8mb4',
		multipleStatements: several,
		connectTimeout: Math.min(5_000, timeoutMs),
		stream: ({ config }: { config: ConnectionOptions }) => openSocket(config, timeoutMs),
	});
	pool.on('connection', (connection: PoolConnection) => prepare(connection, timeoutMs, several));
	return pool;
}

/** A peer that is lost without a word would otherwise be waited for until TCP gives up, for minutes. */
function openSocket({ socketPath, host, port }: ConnectionOptions, timeoutMs: number): Socket {
	const socket = socketPath ? connect(socketPath) : connect(port ?? 3306, host);
	socket.setNoDelay(true);
	socket.setKeepAlive(true);
	return socket.setTimeout(timeoutMs, () => {
		const message = `MySQL did not answer within ${timeoutMs} ms`;
		socket.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
	});
}

function prepare(connection: PoolConnection, timeoutMs: number, several: boolean): void {
	const seconds = Math.max(1, Math.floor(timeoutMs / 1_000));
	// No gap locks, so that submissions of neighbours do not wait for each other.
	connection.query('set session transaction isolation level read committed');
	// A wait for somebody's lock ends before it looks like a server that has gone; a process that was
	// stopped in the midst of a transaction does not keep its locks for ever. Of a group, one such lock holds up all.
	const lockSeconds = Math.ceil(several ? seconds / 8 : seconds / 2);
	connection.query(
		`set session innodb_lock_wait_timeout = ${lockSeconds}, wait_timeout = ${seconds * 2}`,
	);
}

function connectionOf(pool: Pool | undefined): Promise<PoolConnection> {
	const { promise, resolve, reject } = Promise.withResolvers<PoolConnection>();
	if (!pool) reject(noPrimary());
	else pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
	return promise;
}

async function whyNotPrimary(connection: PoolConnection): Promise<unknown> {
	try {
		return (await takesWrites(connection.promise())) ? null : noPrimary();
	} catch (error) {
		return error;
	}
}

/** So many at once; who comes later waits in line, for whichever host it is by then. */
function createSemaphore(count: number) {
	const waiting: (() => void)[] = [];
	let free = count;
	return {
		held: () => count - free,
		async acquire(): Promise<void> {
			if (free > 0) {
				free -= 1;
				return;
			}
			const { promise, resolve } = Promise.withResolvers<void>();
			waiting.push(resolve);
			await promise;
		},
		release() {
			const next = waiting.shift();
			if (next) next();
			else free += 1;
		},
	};
}
