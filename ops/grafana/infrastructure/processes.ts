import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { level, quantile, rate, series } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toErrorLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

const each = { by: ['job', 'instance'] } as const;
const name = '{{job}} {{instance}}';

export const processes: Row = {
	title: 'Our processes',
	panels: [
		lines({
			title: 'CPU used',
			shows: 'In processors.',
			bad: 'near 1: one thread does the work of a process.',
			next: 'one more instance.',
			width: 6,
			unit: units.count,
			queries: [over(rate('process_cpu_seconds_total', each), name)],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Memory used, and its heap',
			bad: 'a rise over hours.',
			next: 'is it the heap? Then a leak; restart, and report.',
			width: 6,
			unit: units.bytes,
			queries: [
				over(level('max', 'process_resident_memory_bytes', each), name),
				over(level('max', 'nodejs_heap_size_used_bytes', each), `heap ${name}`),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Heap by space',
			bad: 'old grows and does not fall after a collection.',
			next: 'a heap snapshot of that process.',
			width: 6,
			unit: units.bytes,
			stacked: true,
			queries: [
				over(level('sum', 'nodejs_heap_space_size_used_bytes', { by: ['space'] }), '{{space}}'),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Time spent collecting garbage',
			shows: 'Seconds of each second; 0.1 is a tenth of the process.',
			bad: 'above 0.1.',
			next: 'the heap beside; larger answers than before?',
			width: 6,
			unit: units.share,
			limits: { watch: 0.1 },
			queries: [
				over(
					`sum by (job, instance) (rate(${series('nodejs_gc_duration_seconds', {}, '_sum')}[$__rate_interval]))`,
					name,
				),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Event-loop lag (p99)',
			bad: 'above 0.25 s.',
			next: 'a CPU profile of that process.',
			width: 6,
			unit: units.seconds,
			limits: { watch: 0.25 },
			queries: [over(level('max', 'nodejs_eventloop_lag_p99_seconds', each), name)],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Open files and sockets',
			shows: 'As a share of what the process may open.',
			bad: 'above 80 %: new connections will be refused.',
			next: 'WebSockets open; a higher limit.',
			width: 6,
			unit: units.share,
			limits: { watch: 0.8 },
			queries: [over(`${series('process_open_fds')} / ${series('process_max_fds')}`, name)],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Database connections of our pools',
			bad: 'waiting above nought for long; timeouts at all.',
			next: 'slow queries and locks, below.',
			width: 6,
			unit: units.count,
			queries: [
				over(
					level('sum', 'db_client_connection_count', { by: ['service', 'state'] }),
					'{{service}} {{state}}',
				),
				over(
					level('sum', 'db_client_connection_pending_requests', { by: ['service'] }),
					'{{service}} waiting',
				),
				over(
					rate('db_client_connection_timeouts_total', { by: ['service'] }),
					'{{service}} timeouts/s',
				),
			],
			links: [toBoard('overview'), toErrorLines],
		}),
		lines({
			title: 'Database operations (p95)',
			bad: 'one table rises alone: a missing index or a lock.',
			next: 'slow queries and row locks, below.',
			width: 6,
			unit: units.seconds,
			queries: [
				over(
					quantile(0.95, 'db_client_operation_duration_seconds', {
						by: ['operation', 'collection'],
					}),
					'{{operation}} {{collection}}',
				),
			],
			links: [toBoard('overview')],
		}),
	],
};
