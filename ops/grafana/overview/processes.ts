import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { logs } from '../build/logs.ts';
import { level, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { errorLines, toErrorLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

const each = { by: ['job', 'instance'] } as const;

export const processes: Row = {
	title: 'Our processes, and what they say',
	panels: [
		lines({
			title: 'Event-loop lag (p99)',
			bad: 'above 0.25 s: this process answers nobody in time.',
			next: 'large answers? Then a CPU profile, or one more instance.',
			width: 8,
			unit: units.seconds,
			limits: { watch: 0.25 },
			queries: [
				over(level('max', 'nodejs_eventloop_lag_p99_seconds', each), '{{job}} {{instance}}'),
			],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'CPU used',
			shows: 'In processors: 1 is one whole processor.',
			bad: 'near 1 for minutes: a process has one thread for its work.',
			next: 'one more instance.',
			width: 8,
			unit: units.count,
			queries: [over(rate('process_cpu_seconds_total', each), '{{job}} {{instance}}')],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Memory used',
			bad: 'a rise over hours that does not fall: a leak.',
			next: 'compare with subscriptions open; the heap on the Infrastructure board.',
			width: 8,
			unit: units.bytes,
			queries: [over(level('max', 'process_resident_memory_bytes', each), '{{job}} {{instance}}')],
			links: [toBoard('infrastructure')],
		}),
		logs({
			title: 'Error lines',
			bad: 'a line that repeats.',
			next: 'open it: "trace_id" leads to its trace, and from there to all of its lines.',
			width: 24,
			height: 9,
			expr: errorLines,
			links: [toErrorLines],
		}),
	],
};
