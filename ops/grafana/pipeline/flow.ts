import { bars } from '../build/bars.ts';
import type { Row } from '../build/board.ts';
import { figure } from '../build/figure.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import {
	deadLetters,
	finishedInTime,
	oldestDue,
	oldestUnfinished,
	promises,
} from '../build/promises.ts';
import { level, orZero, rate, total } from '../build/promql.ts';
import { now, over } from '../build/queries.ts';
import { toFailedJobs, toSlowJobs, toWorkerLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

const moves = 'contract_transitions_total';

export const flow: Row = {
	title: 'Does work come through?',
	panels: [
		figure({
			title: 'Finished within a minute',
			bad: 'below 95 %, the promise; red below half.',
			next: 'the stages below: which one takes the time?',
			width: 4,
			unit: units.share,
			limits: { watch: promises.finishShare, act: 0.5, lowIsBad: true },
			idle: 'none finished',
			queries: [over(finishedInTime, 'in time')],
			links: [toSlowJobs],
		}),
		figure({
			title: 'Oldest unfinished contract',
			shows: 'Since its submission; not of one whose next attempt is set for later.',
			bad: 'above 5 minutes something is stuck.',
			next: '`npm run admin -- contracts stuck` names them; consumers and outbox beside.',
			width: 4,
			unit: units.seconds,
			limits: { watch: promises.finishSeconds, act: promises.stuckSeconds },
			idle: 'not counted',
			queries: [now(oldestUnfinished, 'oldest')],
			links: [toWorkerLines],
		}),
		figure({
			title: 'Not yet published',
			shows: 'Contracts that are due to be put on the queue (the outbox).',
			bad: 'it grows: the sweeper does not run, or RabbitMQ takes nothing.',
			next: 'the connections to RabbitMQ, its alarms.',
			width: 4,
			unit: units.count,
			limits: { watch: 100 },
			idle: 'none',
			queries: [over(orZero(level('max', 'messaging_outbox_pending')), 'pending')],
			links: [toBoard('infrastructure'), toWorkerLines],
		}),
		figure({
			title: 'Oldest not yet published',
			bad: 'above a minute: sweeps do not happen.',
			next: 'is a worker alive? See its log lines.',
			width: 4,
			unit: units.seconds,
			limits: { watch: 60, act: promises.stuckSeconds },
			idle: 'not counted',
			queries: [now(oldestDue, 'oldest')],
			links: [toWorkerLines],
		}),
		figure({
			title: 'Consumers of the download queue',
			bad: 'none: nobody works.',
			next: 'start a worker; do its credentials and virtual host fit?',
			width: 4,
			unit: units.count,
			limits: { act: 1, lowIsBad: true },
			idle: 'not scraped',
			queries: [
				now(
					level('sum', 'rabbitmq_detailed_queue_consumers', {
						where: { queue: 'contracts.download' },
					}),
					'consumers',
				),
			],
			links: [toBoard('infrastructure')],
		}),
		figure({
			title: 'Dead letters',
			bad: 'any.',
			next: '`npm run admin -- dead list`, mend the cause, then requeue or drop them.',
			width: 4,
			unit: units.count,
			limits: { act: 1 },
			idle: 'none',
			queries: [over(deadLetters, 'dead')],
			links: [toFailedJobs],
		}),
		bars({
			title: 'Funnel',
			shows: 'Contracts that passed each stage in the shown time; new attempts count again.',
			bad: 'a stage much shorter than the one before it.',
			next: 'created but not taken: consumers; taken but not finished: upstreams.',
			width: 8,
			unit: units.count,
			queries: [
				now(total(moves, { where: { to: 'CREATED' } }), 'submitted: CREATED'),
				now(total('messaging_publish_duration_seconds', { where: { outcome: 'ok' } }), 'published'),
				now(total(moves, { where: { from: 'CREATED', to: 'PROCESS' } }), 'taken: PROCESS'),
				now(total(moves, { where: { to: 'SUCCESS' } }), 'finished: SUCCESS'),
				now(total(moves, { where: { to: 'ERROR' } }), 'finished: ERROR'),
			],
			links: [toSlowJobs],
		}),
		lines({
			title: 'Contracts by status',
			bad: 'CREATED or PROCESS grows.',
			next: 'CREATED: nobody takes them; PROCESS: attempts take too long or end with their worker.',
			width: 8,
			unit: units.count,
			queries: [over(level('max', 'contracts', { by: ['status'] }), '{{status}}')],
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Submissions a second',
			bad: 'rejected in numbers: a client sends nonsense; duplicate: it asks in a loop.',
			next: 'the log lines of refused submissions.',
			width: 8,
			unit: units.perSecond,
			queries: [
				over(rate('contract_submissions_total', { by: ['kind', 'result'] }), '{{kind}} {{result}}'),
			],
			links: [toBoard('overview')],
		}),
	],
};
