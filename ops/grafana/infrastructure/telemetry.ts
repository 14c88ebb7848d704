import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { level, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toErrorLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

const byJob = { by: ['job'] } as const;

export const telemetry: Row = {
	title: 'The monitoring itself',
	panels: [
		lines({
			title: 'Time to scrape',
			bad: 'near the scrape interval: points will be missing.',
			next: 'samples beside: which target grew?',
			width: 6,
			unit: units.seconds,
			queries: [over(level('max', 'scrape_duration_seconds', byJob), '{{job}}')],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Samples by target',
			bad: 'a rise without end: a label whose values are not from a closed set.',
			next: 'find it with `topk(10, count by (__name__) ({job="..."}))`.',
			width: 6,
			unit: units.count,
			queries: [
				over(level('max', 'scrape_samples_scraped', byJob), '{{job}}'),
				over(level('max', 'prometheus_tsdb_head_series'), 'series in memory'),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Rules and alerts that fail, a second',
			bad: 'any: alerts may not come.',
			next: 'the log of Prometheus or Alertmanager; its receivers.',
			width: 6,
			unit: units.perSecond,
			queries: [
				over(rate('prometheus_rule_evaluation_failures_total'), 'rules failed'),
				over(rate('prometheus_rule_group_iterations_missed_total'), 'evaluations missed'),
				over(rate('prometheus_notifications_dropped_total'), 'alerts dropped'),
				over(
					rate('alertmanager_notifications_failed_total', { by: ['integration'] }),
					'{{integration}} not told',
				),
			],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Log lines written and lost a second',
			bad: 'lost by us or refused by Loki.',
			next: 'is Loki up? Raise its limits, or log less.',
			width: 6,
			unit: units.perSecond,
			queries: [
				over(rate('log_entries_total', { by: ['level'] }), '{{level}}'),
				over(rate('log_entries_dropped_total', { by: ['reason'] }), 'lost: {{reason}}'),
				over(rate('loki_distributor_lines_received_total'), 'taken by Loki'),
				over(rate('loki_discarded_samples_total', { by: ['reason'] }), 'refused: {{reason}}'),
			],
			links: [toErrorLines],
		}),
		lines({
			title: 'Log lines that wait for Loki',
			bad: 'it grows: Loki is slow or down; past the bound, lines are lost.',
			next: 'Loki. Lines are on the standard output too.',
			width: 6,
			unit: units.count,
			queries: [
				over(
					level('max', 'log_buffer_entries', { by: ['job', 'instance'] }),
					'{{job}} {{instance}}',
				),
				over(
					level('sum', 'log_delivery_failing', { by: ['job'] }),
					'processes of {{job}} that cannot send',
				),
			],
			links: [toErrorLines],
		}),
		lines({
			title: 'Spans kept and lost a second',
			bad: 'lost by us, or refused by Tempo.',
			next: 'is Tempo up? Lower the share of queries that is kept.',
			width: 6,
			unit: units.perSecond,
			queries: [
				over(rate('tempo_distributor_spans_received_total'), 'taken by Tempo'),
				over(rate('tempo_discarded_spans_total', { by: ['reason'] }), 'refused: {{reason}}'),
				over(rate('otel_spans_dropped_total'), 'lost'),
				over(
					level('sum', 'otel_delivery_failing', { by: ['job'] }),
					'processes of {{job}} that cannot send',
				),
			],
			links: [toErrorLines],
		}),
		lines({
			title: 'Versions that run',
			shows: 'Instances by version; blue lines on all panels are deploys.',
			bad: 'two versions for longer than a deploy takes.',
			next: 'finish the deploy, or roll it back.',
			width: 12,
			unit: units.count,
			queries: [
				over('count by (job, version, commit) (app_build_info)', '{{job}} {{version}} {{commit}}'),
			],
			links: [toBoard('overview')],
		}),
	],
};
