import type { Row } from '../build/board.ts';
import { figure } from '../build/figure.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { deadLetters } from '../build/promises.ts';
import { level, rate } from '../build/promql.ts';
import { now, over } from '../build/queries.ts';
import { toFailedJobs, toWorkerLines } from '../build/searches.ts';
import * as units from '../build/units.ts';

const byQueue = { by: ['queue'] } as const;

export const queue: Row = {
	title: 'The queue',
	panels: [
		lines({
			title: 'Messages by queue',
			bad: 'ready grows while unacked is nought.',
			next: 'consumers beside; the error lines of the workers.',
			width: 8,
			unit: units.count,
			queries: [
				over(level('sum', 'rabbitmq_detailed_queue_messages_ready', byQueue), '{{queue}} ready'),
				over(
					level('sum', 'rabbitmq_detailed_queue_messages_unacked', byQueue),
					'{{queue}} unacked',
				),
			],
			links: [toWorkerLines],
		}),
		lines({
			title: 'Consumers by queue',
			bad: 'none at contracts.download. None at contracts.dead is right.',
			next: 'start or scale the workers.',
			width: 4,
			unit: units.count,
			queries: [over(level('sum', 'rabbitmq_detailed_queue_consumers', byQueue), '{{queue}}')],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Through the broker a second',
			bad: 'redelivered at all, for longer than a restart of a worker.',
			next: 'workers that die over the same message: their last log lines.',
			width: 6,
			unit: units.perSecond,
			queries: [
				over(rate('rabbitmq_global_messages_received_total'), 'published'),
				over(rate('rabbitmq_global_messages_acknowledged_total'), 'acknowledged'),
				over(rate('rabbitmq_global_messages_redelivered_total'), 'redelivered'),
			],
			links: [toBoard('infrastructure'), toWorkerLines],
		}),
		lines({
			title: 'Jobs in hand, and how many may be',
			bad: 'in hand stays at the limit: the workers are full.',
			next: 'more workers, or a higher WORKER_CONCURRENCY, unless upstreams set the pace.',
			width: 6,
			unit: units.count,
			queries: [
				over(level('sum', 'messaging_in_flight', byQueue), 'in hand {{queue}}'),
				over(level('sum', 'rabbitmq_consumer_prefetch'), 'limit (prefetch)'),
			],
			links: [toBoard('infrastructure')],
		}),
		lines({
			title: 'Retries by reason, and messages that came again',
			bad: 'INVALID_API_KEY or QUOTA_EXHAUSTED: a person must see to the keys.',
			next: '`npm run admin -- keys list`; for UPSTREAM_UNAVAILABLE wait, or change the order of SOURCES.',
			width: 8,
			unit: units.perSecond,
			queries: [
				over(rate('messaging_retries_total', { by: ['reason'] }), '{{reason}}'),
				over(rate('messaging_redelivered_total'), 'redelivered'),
			],
			links: [toFailedJobs],
		}),
		lines({
			title: 'Dead letters',
			bad: 'any that stay.',
			next: '`npm run admin -- dead list` shows the reason of each.',
			width: 4,
			unit: units.count,
			limits: { act: 1 },
			queries: [over(deadLetters, 'dead')],
			links: [toWorkerLines],
		}),
		figure({
			title: 'Dead letters have been there for',
			shows: 'In the shown time; RabbitMQ does not tell the age of a message.',
			bad: 'more than a working day.',
			next: 'requeue or drop them: `npm run admin -- dead`.',
			width: 4,
			height: 8,
			unit: units.seconds,
			limits: { watch: 3600 },
			idle: 'none',
			queries: [now(`60 * count_over_time((${deadLetters} > 0)[$__range:1m])`, 'for')],
			links: [toWorkerLines],
		}),
		lines({
			title: 'Our connections to RabbitMQ',
			bad: 'below 1 for longer than a moment, or reconnects that go on.',
			next: 'RabbitMQ itself, its alarms; workers go on from the database meanwhile.',
			width: 8,
			unit: units.count,
			queries: [
				over(level('min', 'messaging_connection_up', { by: ['role'] }), '{{role}} up'),
				over(rate('messaging_reconnects_total', { by: ['role'] }), '{{role}} reconnects/s'),
			],
			links: [toBoard('infrastructure')],
		}),
	],
};
