import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { level, rate } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import * as units from '../build/units.ts';

const each = { by: ['instance'] } as const;

export const rabbitmq: Row = {
	title: 'RabbitMQ',
	panels: [
		lines({
			title: 'Memory, and its limit',
			bad: 'used reaches the limit: publishers are blocked.',
			next: 'drain queues, or raise the limit.',
			width: 5,
			unit: units.bytes,
			queries: [
				over(level('max', 'rabbitmq_process_resident_memory_bytes', each), 'used {{instance}}'),
				over(level('max', 'rabbitmq_resident_memory_limit_bytes', each), 'limit {{instance}}'),
			],
			links: [toBoard('pipeline')],
		}),
		lines({
			title: 'Disk left, and what it must have',
			bad: 'left falls to the limit: publishers are blocked.',
			next: 'free disk space on its host.',
			width: 5,
			unit: units.bytes,
			queries: [
				over(level('min', 'rabbitmq_disk_space_available_bytes', each), 'left {{instance}}'),
				over(level('max', 'rabbitmq_disk_space_available_limit_bytes', each), 'limit {{instance}}'),
			],
			links: [toBoard('pipeline')],
		}),
		lines({
			title: 'Open files',
			bad: 'open near the limit.',
			next: 'raise the limit; who opens connections?',
			width: 4,
			unit: units.count,
			queries: [
				over(level('max', 'rabbitmq_process_open_fds', each), 'open {{instance}}'),
				over(level('max', 'rabbitmq_process_max_fds', each), 'limit {{instance}}'),
			],
			links: [toBoard('pipeline')],
		}),
		lines({
			title: 'Connections and channels',
			bad: 'a rise that does not end.',
			next: 'which client? The management page lists them.',
			width: 5,
			unit: units.count,
			queries: [
				over(level('sum', 'rabbitmq_connections'), 'connections'),
				over(level('sum', 'rabbitmq_channels'), 'channels'),
			],
			links: [toBoard('pipeline')],
		}),
		lines({
			title: 'Messages without a queue a second',
			bad: 'any: the queue they are meant for is missing.',
			next: 'restart a worker, which declares it; jobs come again from the database.',
			width: 5,
			unit: units.perSecond,
			queries: [
				over(rate('rabbitmq_global_messages_unroutable_dropped_total'), 'dropped'),
				over(rate('rabbitmq_global_messages_unroutable_returned_total'), 'returned'),
			],
			links: [toBoard('pipeline')],
		}),
	],
};
