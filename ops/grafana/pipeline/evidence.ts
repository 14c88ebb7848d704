import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { logs } from '../build/logs.ts';
import { quantile, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import {
	failedJobs,
	slowJobs,
	toFailedJobs,
	toSlowJobs,
	toWorkerLines,
	workerErrorLines,
} from '../build/searches.ts';
import { serviceGraph } from '../build/service-graph.ts';
import { traces } from '../build/tables.ts';
import * as units from '../build/units.ts';

const edge = { by: ['client', 'server'] } as const;

export const evidence: Row = {
	title: 'Evidence: lines, traces, who calls whom',
	panels: [
		logs({
			title: "The workers' errors and warnings",
			bad: 'a line that repeats.',
			next: 'open it: "trace_id" leads to its trace.',
			width: 24,
			height: 9,
			expr: workerErrorLines,
			links: [toWorkerLines],
		}),
		traces({
			title: 'Slow jobs',
			shows: 'Traces of workers in which something took more than 5 s.',
			bad: 'many, with the same span as the longest.',
			next: 'open one: the wait, the upstream, or the database?',
			width: 12,
			query: slowJobs,
			links: [toSlowJobs],
		}),
		traces({
			title: 'Jobs that failed',
			bad: 'many with the same name.',
			next: 'open one; its log lines are a click away.',
			width: 12,
			query: failedJobs,
			links: [toFailedJobs],
		}),
		serviceGraph({
			title: 'Who calls whom',
			shows: 'From traces that were kept, so the rates are lower than the true ones.',
			bad: 'a red ring: calls along that edge fail. A missing edge: traces are cut there.',
			next: 'click the node for its traces.',
			width: 12,
			height: 12,
			links: [toSlowJobs, toBoard('infrastructure')],
		}),
		lines({
			title: 'Calls between services a second',
			shows: 'The edges of the graph over time, from traces that were kept.',
			bad: 'failed grows on one edge alone.',
			next: 'that service, on the Infrastructure board.',
			width: 6,
			height: 12,
			unit: units.perSecond,
			queries: [
				over(rate('traces_service_graph_request_total', edge), '{{client}} to {{server}}'),
				over(
					rate('traces_service_graph_request_failed_total', edge),
					'{{client}} to {{server}} failed',
				),
			],
			links: [toFailedJobs, toBoard('infrastructure')],
		}),
		lines({
			title: 'How long calls between services take (p95)',
			shows: 'As the called service sees it, from traces that were kept.',
			bad: 'one edge rises alone.',
			next: 'slow jobs, above.',
			width: 6,
			height: 12,
			unit: units.seconds,
			queries: [
				over(
					quantile(0.95, 'traces_service_graph_request_server_seconds', edge),
					'{{client}} to {{server}}',
				),
			],
			links: [toSlowJobs],
		}),
	],
};
