import type { Statement } from '../mysql/statement.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { measure } from '../telemetry/metrics-listener.ts';

export interface DatabaseMetrics {
	asked(statement: Statement, outcome: 'ok' | 'error', seconds: number): void;
	/** A connection was waited for; `timedOut`: until the attempt to make one was given up. */
	waited(seconds: number, timedOut: boolean): void;
}

/** Of the pool, at this moment. */
export interface PoolState {
	idle: number;
	used: number;
	pending: number;
}

export function createDatabaseMetrics(metrics: Metrics, state: () => PoolState): DatabaseMetrics {
	const pool = 'main';
	metrics.read('db_client_connection_count', () => {
		const { idle, used } = state();
		return [
			[{ pool, state: 'idle' }, idle],
			[{ pool, state: 'used' }, used],
		];
	});
	metrics.read('db_client_connection_pending_requests', () => [[{ pool }, state().pending]]);
	return {
		asked: (statement, outcome, seconds) =>
			measure(metrics, { type: 'mysql.called', ...statement, outcome, seconds }),
		waited: (seconds, timedOut) => measure(metrics, { type: 'mysql.waited', seconds, timedOut }),
	};
}
