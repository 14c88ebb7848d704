import type { Row } from '../build/board.ts';
import { figure, upOrDown } from '../build/figure.ts';
import { toBoard } from '../build/links.ts';
import { level } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toErrorLines } from '../build/searches.ts';
import { states } from '../build/states.ts';
import * as units from '../build/units.ts';
import { brokerAlarms, telemetryLost, usage } from '../build/usage.ts';

const used = { width: 3, unit: units.share, decimals: 0, idle: 'not scraped' } as const;

export const glance: Row = {
	title: 'What is nearly used up?',
	panels: [
		figure({
			...used,
			title: 'CPU of the machine',
			bad: 'above 85 % for minutes.',
			next: 'whose is it? See CPU of the processes.',
			limits: { watch: 0.85 },
			queries: [over(`max (${usage.cpu})`, 'used')],
			links: [toBoard('overview')],
		}),
		figure({
			...used,
			title: 'Memory of the machine',
			bad: 'above 90 %: the kernel will soon kill somebody.',
			next: 'the largest process; restart what leaks, or take a larger machine.',
			limits: { watch: 0.9, act: 0.97 },
			queries: [over(`max (${usage.memory})`, 'used')],
			links: [toBoard('overview')],
		}),
		figure({
			...used,
			title: 'Fullest disk',
			bad: 'above 80 %; red from 92 % on.',
			next: 'clean up (logs, old images, binary logs), or extend it.',
			limits: { watch: 0.8, act: 0.92 },
			queries: [over(`max (${usage.disk})`, 'used')],
			links: [toBoard('pipeline')],
		}),
		figure({
			...used,
			title: 'MySQL connections',
			bad: 'above 80 % of max_connections.',
			next: 'who holds them? Smaller pools, or a higher limit.',
			limits: { watch: 0.8, act: 0.95 },
			queries: [over(`max (${usage.databaseConnections})`, 'used')],
			links: [toBoard('overview')],
		}),
		figure({
			...used,
			title: 'Memory of RabbitMQ',
			bad: 'at 100 % it takes no more messages.',
			next: 'long queues? Add workers; else raise its limit.',
			limits: { watch: 0.8, act: 0.95 },
			queries: [over(`max (${usage.brokerMemory})`, 'used')],
			links: [toBoard('pipeline')],
		}),
		figure({
			...used,
			title: 'Memory of Redis',
			bad: 'full: it evicts, and reads go to MySQL.',
			next: 'evictions on the Cache board.',
			limits: { watch: 0.95 },
			idle: 'no limit',
			queries: [over(`max (${usage.redisMemory})`, 'used')],
			links: [toBoard('cache')],
		}),
		figure({
			...used,
			title: 'Alarms of RabbitMQ',
			unit: units.count,
			bad: 'any: publishers are blocked now.',
			next: 'free disk or memory on its host, or drain queues.',
			limits: { act: 1 },
			queries: [over(brokerAlarms, 'alarms')],
			links: [toBoard('pipeline')],
		}),
		figure({
			...used,
			title: 'Telemetry lost',
			unit: units.perSecond,
			shows: 'Log lines and spans that were dropped.',
			bad: 'any: what you look for may be missing.',
			next: 'are Loki and Tempo up? See the last row.',
			limits: { watch: 0.001 },
			queries: [over(telemetryLost, 'lost')],
			links: [toErrorLines],
		}),
		states({
			title: 'Targets of Prometheus',
			bad: 'DOWN: what is not seen is not watched.',
			next: 'is the container up? Then its log.',
			width: 24,
			height: 9,
			mappings: upOrDown,
			queries: [over(level('min', 'up', { by: ['job'] }), '{{job}}')],
			links: [toBoard('overview'), toErrorLines],
		}),
	],
};
