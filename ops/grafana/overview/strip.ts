import type { Row } from '../build/board.ts';
import { figure } from '../build/figure.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { deadLetters } from '../build/promises.ts';
import { level, quantile, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toFailedJobs, toSlowJobs, toWorkerLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

const download = { queue: 'contracts.download' } as const;

export const strip: Row = {
	title: 'The pipeline in short',
	panels: [
		lines({
			title: 'Submitted and finished a second',
			bad: 'finished stays below submitted: a backlog grows.',
			next: 'the Pipeline board shows which stage holds it up.',
			width: 5,
			unit: units.perSecond,
			queries: [
				over(rate('contract_submissions_total', { where: { result: 'accepted' } }), 'accepted'),
				over(
					rate('contract_transitions_total', { by: ['to'], where: { to: '=~SUCCESS|ERROR' } }),
					'{{to}}',
				),
			],
			links: [toBoard('pipeline')],
		}),
		lines({
			title: 'Download queue',
			bad: 'ready grows and unacked is nought: no worker takes from it.',
			next: 'are workers up, and do they have consumers? See their error lines.',
			width: 5,
			unit: units.count,
			queries: [
				over(level('sum', 'rabbitmq_detailed_queue_messages_ready', { where: download }), 'ready'),
				over(
					level('sum', 'rabbitmq_detailed_queue_messages_unacked', { where: download }),
					'unacked',
				),
			],
			links: [toBoard('pipeline'), toWorkerLines],
		}),
		lines({
			title: 'Time in queue',
			bad: 'above a minute: no submission is finished in time any more.',
			next: 'add workers, unless upstreams are what they wait for.',
			width: 5,
			unit: units.seconds,
			limits: { watch: 60 },
			queries: [over(quantile(0.95, 'messaging_time_in_queue_seconds'), 'p95')],
			links: [toBoard('pipeline'), toSlowJobs],
		}),
		lines({
			title: 'Jobs done a second',
			bad: 'retry above ok for minutes, dead_letter at all.',
			next: 'retries by reason on the Pipeline board; a failed trace.',
			width: 5,
			unit: units.perSecond,
			queries: [
				over(rate('messaging_process_duration_seconds', { by: ['outcome'] }), '{{outcome}}'),
			],
			links: [toBoard('pipeline'), toFailedJobs],
		}),
		figure({
			title: 'Dead letters',
			bad: 'any: a job that nobody will try again.',
			next: '`npm run admin -- dead list`, mend the cause, then requeue or drop them.',
			width: 4,
			height: 8,
			unit: units.count,
			limits: { act: 1 },
			idle: 'none',
			queries: [over(deadLetters, 'dead')],
			links: [toBoard('pipeline')],
		}),
	],
};
