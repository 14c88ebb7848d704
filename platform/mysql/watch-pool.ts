import { context } from '@opentelemetry/api';
import type { Pool } from 'mysql2';
import { createDatabaseMetrics, type DatabaseMetrics } from '../metrics/database.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { watchStatements } from './watch-statements.ts';

/** Measures a pool and what is asked over it; what is returned ends that. */
export function watchPool(pool: Pool, into: Metrics): () => void {
	let pending = 0;
	// Its types leave out the two lists that it keeps.
	const lists = pool as unknown as Record<'_allConnections' | '_freeConnections', List>;
	const metrics: DatabaseMetrics = createDatabaseMetrics(into, () => {
		const idle = lists._freeConnections.length;
		return { idle, used: lists._allConnections.length - idle, pending };
	});
	const get = pool.getConnection.bind(pool);
	pool.getConnection = (callback) => {
		const started = performance.now();
		pending += 1;
		// Handed over by whoever gives a connection back: without this, in that one's trace.
		const here = context.active();
		get((error, connection) => {
			pending -= 1;
			context.with(here, () => {
				metrics.waited((performance.now() - started) / 1_000, error?.code === 'ETIMEDOUT');
				callback(error, connection);
			});
		});
	};
	return watchStatements(metrics);
}

interface List {
	length: number;
}
