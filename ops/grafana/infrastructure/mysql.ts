import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { level, rate, ratio } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toWorkerLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

const each = { by: ['instance'] } as const;

export const mysql: Row = {
	title: 'MySQL',
	panels: [
		lines({
			title: 'Threads',
			bad: 'connected near the limit; running above the number of processors for long.',
			next: 'the process list: what do they wait for?',
			width: 6,
			unit: units.count,
			queries: [
				over(level('max', 'mysql_global_status_threads_running', each), 'running {{instance}}'),
				over(level('max', 'mysql_global_status_threads_connected', each), 'connected {{instance}}'),
				over(level('max', 'mysql_global_variables_max_connections', each), 'limit {{instance}}'),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Queries a second',
			bad: 'a rise without more requests: the cache misses.',
			next: 'the Cache board.',
			width: 6,
			unit: units.perSecond,
			queries: [over(rate('mysql_global_status_queries', each), '{{instance}}')],
			links: [toBoard('cache')],
		}),
		lines({
			title: 'Slow queries a second',
			bad: 'any that go on.',
			next: 'the slow query log; `explain` of what it names.',
			width: 4,
			unit: units.perSecond,
			queries: [over(rate('mysql_global_status_slow_queries', each), '{{instance}}')],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Reads that miss the buffer pool',
			bad: 'above 1 %: the pool is too small for what is read.',
			next: 'a larger innodb_buffer_pool_size.',
			width: 4,
			unit: units.share,
			limits: { watch: 0.01 },
			queries: [
				over(
					ratio(
						rate('mysql_global_status_innodb_buffer_pool_reads'),
						rate('mysql_global_status_innodb_buffer_pool_read_requests'),
					),
					'missed',
				),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Locks and aborted connections a second',
			bad: 'lock waits with the load: transactions hold rows too long; aborted: clients that vanish.',
			next: '`show engine innodb status`; the network.',
			width: 4,
			unit: units.perSecond,
			queries: [
				over(rate('mysql_global_status_innodb_row_lock_waits'), 'lock waits'),
				over(rate('mysql_global_status_aborted_connects'), 'aborted connects'),
				over(rate('mysql_global_status_aborted_clients'), 'aborted clients'),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Removed by retention, rows a second',
			bad: 'none for weeks while the disk fills: is anything to be kept for ever?',
			next: '`npm run admin -- prune --dry-run`; the settings KEEP_*.',
			width: 12,
			unit: units.perSecond,
			queries: [over(rate('pruned_rows_total', { by: ['kind'] }), '{{kind}}')],
			links: [toWorkerLines],
		}),
		lines({
			title: 'Passes of the pruner a second',
			bad: 'failed ones, or none at all.',
			next: 'the log lines "prune failed".',
			width: 12,
			unit: units.perSecond,
			queries: [over(rate('prune_passes_total', { by: ['outcome'] }), '{{outcome}}')],
			links: [toWorkerLines],
		}),
	],
};
