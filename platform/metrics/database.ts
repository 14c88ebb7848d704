import { Gauge } from 'prom-client';
import type { PoolState } from '../mysql/pool.ts';
import { collections, operations, type Statement } from '../mysql/statement.ts';
import { answerSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import { createCounter, createHistogram } from './series.ts';

export interface DatabaseMetrics {
	asked(statement: Statement, outcome: 'ok' | 'error', seconds: number): void;
	/** A connection was waited for; `timedOut`: until the attempt to make one was given up. */
	waited(seconds: number, timedOut: boolean): void;
}

const pool = 'main';
const withoutTable = ['COMMIT', 'other'];
/** From half a millisecond, as most is read from memory. */
const statementSeconds = [0.0005, 0.001, 0.0025, ...answerSeconds] as const;

export function createDatabaseMetrics(registry: Metrics): DatabaseMetrics {
	const took = createHistogram(registry, {
		name: 'db_client_operation_duration_seconds',
		help: 'How long MySQL took over a statement of the pool, by its kind and its first table',
		labels: { operation: operations, collection: collections, outcome: ['ok', 'error'] },
		only: ({ operation, collection }) =>
			collection === 'other' || !withoutTable.includes(operation),
		buckets: statementSeconds,
	});
	const wait = createHistogram(registry, {
		name: 'db_client_connection_wait_time_seconds',
		help: 'How long a connection of the pool was waited for, or made',
		labels: { pool: [pool] },
		buckets: statementSeconds,
	});
	const timeouts = createCounter(registry, {
		name: 'db_client_connection_timeouts_total',
		help: 'Connections that could not be had in time',
		labels: { pool: [pool] },
	});
	return {
		asked: (statement, outcome, seconds) => took({ ...statement, outcome }, seconds),
		waited(seconds, timedOut) {
			wait({ pool }, seconds);
			if (timedOut) timeouts({ pool });
		},
	};
}

/** Connections of the pool, as they are when it is asked. */
export function exportPool(registry: Metrics, state: () => PoolState): void {
	const registers = [registry];
	new Gauge({
		name: 'db_client_connection_count',
		help: 'Connections of the pool, by whether somebody has them',
		labelNames: ['pool', 'state'],
		registers,
		collect() {
			const { idle, used } = state();
			this.set({ pool, state: 'idle' }, idle);
			this.set({ pool, state: 'used' }, used);
		},
	});
	new Gauge({
		name: 'db_client_connection_pending_requests',
		help: 'Those who wait for a connection now',
		labelNames: ['pool'],
		registers,
		collect() {
			this.set({ pool }, state().pending);
		},
	});
}
